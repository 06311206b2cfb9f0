import type { Page } from './page.ts';

export type Passage = { heading: string; text: string };

/** As long as what can be quoted: an entry of a list of options, or a few short paragraphs. */
const length = 600;

const isSynopsis = /^(?:synopsis|see also|(?:.* )?usage)$/i;

/** The parts of a page that are found and quoted, each of one section. What a page is for is one of them. */
export function passagesOf({ title, summary, sections }: Page): Passage[] {
    const passages: Passage[] = summary === '' ? [] : [{ heading: '', text: `${title} - ${summary}` }];
    for (const { heading, paragraphs } of sections) {
        // It has the words of many options and explains none.
        if (isSynopsis.test(heading)) continue;
        let text = '';
        for (const paragraph of paragraphs) {
            if (text !== '' && text.length + paragraph.length > length) {
                passages.push({ heading, text });
                text = '';
            }
            text += text === '' ? paragraph : `\n\n${paragraph}`;
        }
        if (text !== '') passages.push({ heading, text });
    }
    return passages;
}
