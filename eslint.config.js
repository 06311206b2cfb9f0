import js from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';

export default tseslint.config(
    { ignores: ['build/out*/', '**/generated/', 'node_modules/', 'test/out/', 'test/desktop/fixtures/'] },
    js.configs.recommended,
    {
        files: ['**/*.ts'],
        extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
        languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
        rules: {
            '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
            '@typescript-eslint/consistent-type-definitions': 'off',
            '@typescript-eslint/no-non-null-assertion': 'error',
            '@typescript-eslint/switch-exhaustiveness-check': 'error',
            '@typescript-eslint/consistent-type-imports': 'error',
            // An empty string is as good as none in translations and in text from outside.
            '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
            eqeqeq: 'error',
            'no-console': 'off',
        },
    },
    {
        // Text from outside goes through service/text; the library's matchers are typed loosely.
        files: ['test/**/*.ts'],
        rules: { '@typescript-eslint/no-unsafe-assignment': 'off', '@typescript-eslint/no-floating-promises': 'error' },
    },
    { files: ['**/*.{js,mjs}'], languageOptions: { globals: globals.node } },
    {
        // These run under gjs, most of them inside a test desktop.
        files: ['test/*/guest/**/*.js', 'test/unit/extension/**/*.js', 'test/contract/extensionClient/*.js'],
        languageOptions: {
            globals: { ARGV: 'readonly', print: 'readonly', imports: 'readonly', globalThis: 'readonly' },
        },
    },
);
