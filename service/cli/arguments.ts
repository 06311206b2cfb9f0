import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

import { UsageError, type Arguments, type Command } from './command.ts';

const help = { type: 'boolean', short: 'h' } as const;

/**
 * Reads what follows the name of a command.
 * @returns null when the manual is wanted instead
 * @throws UsageError
 */
export function parseArguments(command: Command, argv: readonly string[]): Arguments | null {
    const options: ParseArgsOptionsConfig = { help };
    for (const [name, { value, short, many }] of Object.entries(command.options)) {
        options[name] = {
            type: value === undefined ? 'boolean' : 'string',
            ...(short === undefined ? {} : { short }),
            ...(many === true ? { multiple: true } : {}),
        };
    }
    const { values, positionals, tokens } = parse(options, argv);
    if (values.help === true) return null;
    const valued = tokens.flatMap(token => (token.kind === 'option' && token.value !== undefined ? [token.name] : []));
    // parseArgs() would take the last one, and nobody would learn that the others were passed over.
    const repeated = valued.find((name, index) => command.options[name]?.many !== true && valued.indexOf(name) < index);
    if (repeated !== undefined) throw new UsageError(`--${repeated} may be given only once`);
    for (const [name, { choices }] of Object.entries(command.options)) {
        for (const value of [values[name] ?? []].flat())
            if (choices !== undefined && !choices.includes(String(value)))
                throw new UsageError(`--${name}: expected one of ${choices.join(', ')}, not “${value}”`);
    }
    checkOperands(command, positionals);
    return { operands: positionals, options: values };
}

function parse(options: ParseArgsOptionsConfig, argv: readonly string[]) {
    try {
        return parseArgs({ args: [...argv], options, allowPositionals: true, tokens: true });
    } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code?.startsWith('ERR_PARSE_ARGS') !== true) throw error;
        // Node goes on to explain "--"; the first sentence names the mistake.
        throw new UsageError(message.split('. ', 1)[0]?.replace(/^[A-Z](?=[a-z])/, letter => letter.toLowerCase()));
    }
}

function checkOperands({ name, operands }: Command, given: readonly string[]): void {
    const missing = operands.find((operand, index) => operand.optional !== true && given[index] === undefined);
    if (missing !== undefined) throw new UsageError(`${name}: ${missing.name} is missing`);
    const takesMany = operands.at(-1)?.name.endsWith('…') === true;
    if (!takesMany && given.length > operands.length)
        throw new UsageError(`${name}: “${given[operands.length] ?? ''}” is too much`);
    for (const [index, { choices }] of operands.entries()) {
        const value = given[index];
        if (choices !== undefined && value !== undefined && !choices.includes(value))
            throw new UsageError(`${name}: expected one of ${choices.join(', ')}, not “${value}”`);
    }
}
