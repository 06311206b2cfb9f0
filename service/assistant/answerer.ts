/** Who answers where no language model does. */
export const builtIn = 'built-in';
