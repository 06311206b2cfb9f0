// Descriptions of examples, from tldr-pages (https://github.com/tldr-pages/tldr, CC-BY-4.0), which people wrote without the manual page's
// words: “Extract a compressed archive file into the current directory” is about tar(1).
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

export type Sentence = { text: string; command: string };

/**
 * @param folder a checkout of tldr-pages
 * @param names of commands that have a page
 * @returns two halves, by command, so that nothing of the one is known from the other
 */
export function loadSentences(folder: string, names: ReadonlySet<string>): { tuned: Sentence[]; heldOut: Sentence[] } {
    const all = ['common', 'linux'].flatMap(platform => {
        const pages = join(folder, 'pages', platform);
        return readdirSync(pages)
            .filter(file => file.endsWith('.md') && names.has(basename(file, '.md').toLowerCase()))
            .flatMap(file => sentencesOf(readFileSync(join(pages, file), 'utf8'), basename(file, '.md').toLowerCase()));
    });
    const commands = Map.groupBy(all, ({ text }) => text.toLowerCase());
    // “Display help” is about every command.
    const clear = all.filter(
        ({ text }) => new Set(commands.get(text.toLowerCase())?.map(one => one.command)).size === 1,
    );
    const isHeldOut = ({ command }: Sentence) => (createHash('sha256').update(command).digest()[0] ?? 0) % 2 === 1;
    return { tuned: clear.filter(one => !isHeldOut(one)), heldOut: clear.filter(isHeldOut) };
}

/** “- [c]reate an archive:” is what it says; the brackets are a mnemonic. */
function sentencesOf(page: string, command: string): Sentence[] {
    if (/^> This command is an alias of/m.test(page)) return [];
    return [...page.matchAll(/^- (.*?):?$/gm)].map(([, text = '']) => ({
        text: text.replace(/\[(\w{1,3})\]/g, '$1').replaceAll('`', ''),
        command,
    }));
}
