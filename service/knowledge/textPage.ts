/** Reads plain text and Markdown. */
import { SectionWriter, shortLines, type Page } from './page.ts';

/** @param title what is cited where the text has no heading of its own first */
export function readTextPage(source: string, title: string): Page | null {
    const out = new SectionWriter();
    const lines = shortLines(source.split(/\r?\n/));
    let isCode = false;
    for (const [index, line] of lines.entries()) {
        if (/^\s*(?:```|~~~)/.test(line)) {
            isCode = !isCode;
            out.breakLine();
            continue;
        }
        const heading = isCode ? null : headingOf(line, lines[index + 1] ?? '');
        if (heading !== null) out.heading(heading);
        else if (line.trim() === '') {
            if (!isCode) out.end();
        } else if (!isRule.test(line)) {
            // Code, an entry of a list, what is indented.
            const isOwnLine = isCode || /^\s*(?:[-*+•]|\d+[.)])\s|^(?: {4}|\t)/.test(line);
            if (isOwnLine) out.breakLine();
            out.add(isOwnLine ? line.replaceAll('\t', '    ').trimEnd() : line.trim());
            if (isCode) out.breakLine();
        }
    }
    out.end();
    const sections = out.sections.filter(({ paragraphs }) => paragraphs.length > 0);
    if (sections.length === 0) return null;
    return { title, names: [], summary: out.sections[0]?.heading ?? '', sections, seeAlso: [] };
}

/** “# Heading” of Markdown. */
const markdownHeading = /^#{1,6}\s+(.*?)\s*#*$/;
/** The line below a heading, or between two parts. */
const isRule = /^\s*(?:={3,}|-{3,}|~{3,}|\*{3,}|_{3,})\s*$/;

function headingOf(line: string, next: string): string | null {
    const named = markdownHeading.exec(line)?.[1];
    if (named !== undefined) return named === '' ? null : named;
    if (line.trim() === '' || line.length > 100 || isRule.test(line)) return null;
    return /^(?:={3,}|-{3,}|~{3,})\s*$/.test(next) ? line.trim() : null;
}
