/** Quick work needs a model that answers at once, hard questions the best one available. */
export const roles = ['quick', 'hard'] as const;
export type Role = (typeof roles)[number];
