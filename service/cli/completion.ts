/** Completion for bash and zsh, from the table of commands. Written by the build. */
import type { Command, Option } from './command.ts';
import { commands } from './commands.ts';

const words = (list: readonly string[]) => list.join(' ');

const help: Option = { short: 'h', description: 'Show the manual.' };

function optionNames({ options }: Command): string[] {
    return Object.entries({ ...options, help }).flatMap(([name, { short }]) =>
        short === undefined ? [`--${name}`] : [`--${name}`, `-${short}`],
    );
}

const takesValue = (option: Option) => option.value !== undefined;
const names = commands.map(({ name }) => name);

/** The words for a command's operands; incident numbers would need a query to the service at each key press. */
function operandWords({ name, operands }: Command): readonly string[] {
    return name === 'help' ? names : operands.flatMap(({ choices }) => choices ?? []);
}

/** What a command takes that is the path of a file. */
function operandPath({ operands }: Command): Option['path'] {
    return operands.find(({ path }) => path !== undefined)?.path;
}

function bashValue({ choices, path }: Option): string {
    if (choices !== undefined) return `words='${words(choices)}'`;
    return path === undefined ? 'return' : `_reeve_paths ${path} "$current"; return`;
}

export function bashCompletion(): string {
    const cases = commands.map(command => {
        const values = Object.entries(command.options)
            .filter(([, option]) => takesValue(option))
            .map(([name, option]) => {
                const pattern = option.short === undefined ? `--${name}` : `--${name}|-${option.short}`;
                return `                ${pattern}) ${bashValue(option)} ;;`;
            });
        const path = operandPath(command);
        const all = words([...operandWords(command), ...optionNames(command)]);
        return [
            `        ${command.name})`,
            `            words='${all}'`,
            ...(values.length > 0 ? [`            case $previous in`, ...values, '            esac'] : []),
            ...(path === undefined
                ? []
                : [`            [[ $current == -* ]] || { _reeve_paths ${path} "$current"; return; }`]),
            '            ;;',
        ].join('\n');
    });
    return `# bash completion for reeve
_reeve_paths() {
    # Has readline quote names and put a slash behind directories.
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -A "$1" -- "$2")
}
_reeve() {
    local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} words
    # bash takes the = of --option=value for a word of its own.
    if [[ $current == = ]]; then
        current=
    elif [[ $previous == = ]]; then
        previous=\${COMP_WORDS[COMP_CWORD-2]}
    fi
    if ((COMP_CWORD == 1)); then
        words='${words([...names, '--help', '--version'])}'
    else
        case \${COMP_WORDS[1]} in
${cases.map(text => text.replaceAll(/^/gm, '    ')).join('\n')}
        esac
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _reeve reeve
`;
}

export function zshCompletion(): string {
    const described = commands.map(({ name, summary }) => `        '${name}:${zshText(summary)}'`);
    const cases = commands.map(command => {
        const specs = Object.entries({ ...command.options, help }).map(([name, option]) => zshOption(name, option));
        const operands = operandWords(command);
        if (operands.length > 0) specs.push(`'1:argument:(${words(operands)})'`);
        const path = operandPath(command);
        if (path !== undefined) specs.push(`'1:file:${zshFiles(path)}'`);
        return `        ${command.name}) _arguments ${specs.join(' ')} ;;`;
    });
    return `#compdef reeve
# zsh completion for reeve
_reeve() {
    local -a commands
    commands=(
${described.join('\n')}
    )
    if ((CURRENT == 2)); then
        _describe command commands
        return
    fi
    shift words
    ((CURRENT--))
    case $words[1] in
${cases.join('\n')}
    esac
}
_reeve "$@"
`;
}

function zshOption(name: string, option: Option): string {
    const { short, value, many, description } = option;
    const repeat = many === true ? '*' : '';
    const long = value === undefined ? `--${name}` : `--${name}=`;
    const forms = short === undefined ? `${repeat}${long}` : `'(-${short} --${name})'{-${short},${long}}`;
    const argument = value === undefined ? '' : `:${value}:${zshValue(option)}`;
    return `${forms}'[${zshText(description)}]${argument}'`;
}

function zshValue({ choices, path }: Option): string {
    if (choices !== undefined) return `(${words(choices)})`;
    return path === undefined ? '' : zshFiles(path);
}

const zshFiles = (path: 'file' | 'directory') => (path === 'directory' ? '_files -/' : '_files');

/** Descriptions stand between quotes, brackets and colons that mean something. */
function zshText(text: string): string {
    return text.replace(/['"\\]/g, '').replace(/[[\]:]/g, '\\$&');
}
