/** Man pages, from what `reeve --help` and `reeve help COMMAND` show (service/cli/manual.ts). */
import { PassThrough } from 'node:stream';

import { commands } from '../service/cli/commands.ts';
import { commandManual, mainManual } from '../service/cli/manual.ts';
import { Terminal } from '../service/cli/terminal.ts';
import { version } from '../service/util/version.ts';

/** File → text, as man(7) has it. */
export function manPages(): Map<string, string> {
    // No terminal: 80 columns, no colours.
    const terminal = new Terminal(new PassThrough() as unknown as NodeJS.WriteStream);
    const page = (name: string, manual: string) => [`${name}.1`, roff(name, manual)] as const;
    return new Map([
        page('reeve', mainManual(terminal)),
        ...commands.map(command => page(`reeve-${command.name}`, commandManual(terminal, command))),
    ]);
}

function roff(name: string, manual: string): string {
    const lines = [`.TH ${name.toUpperCase()} 1 "" "reeve ${version}" "Reeve"`];
    for (const section of manual.split(/\n\n(?=\S)/)) {
        const [title = '', ...body] = section.split('\n');
        lines.push(
            `.SH ${title}`,
            ...(title === 'SYNOPSIS' ? asIs(body) : body.some(isText) ? list(body) : prose(body)),
        );
    }
    return `${lines.join('\n')}\n`;
}

/** The text of an entry in a list lies deeper than its term. */
const isText = (line: string) => line.startsWith(' '.repeat(8));

const asIs = (lines: readonly string[]) => ['.nf', ...lines.map(line => escape(line.trim())), '.fi'];

/** A blank line begins a paragraph. */
const prose = (lines: readonly string[]) => lines.map(line => (line.trim() === '' ? '.PP' : escape(line.trim())));

function list(lines: readonly string[]): string[] {
    return lines.flatMap(line => {
        if (line.trim() === '') return [];
        return isText(line) ? [escape(line.trim())] : ['.TP', `.B ${escape(line.trim())}`];
    });
}

/** groff_char(7): a hyphen that can be copied; and no line that begins like a request. */
function escape(line: string): string {
    return line
        .replaceAll('\\', '\\e')
        .replaceAll('-', '\\-')
        .replace(/^([.'])/, '\\&$1');
}
