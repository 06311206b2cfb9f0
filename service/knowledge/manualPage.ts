/**
 * Reads the source of a manual page, for searching and quoting. It knows the macros of man(7) and mdoc(7), and of roff(7) what
 * pages use to choose between a terminal and print. What it does not know it leaves out: it executes nothing.
 *
 * groff renders a page exactly, but takes 30 to 80 ms for each, and not every desktop has it.
 */
import { SectionWriter, shortLines, type Page } from './page.ts';

/** @returns null for what is no page, or only refers to another one */
export function readManualPage(source: string, file: { name: string; section: string }): Page | null {
    const reader = new Reader();
    for (const line of shortLines(joinLines(source))) reader.line(line);
    reader.out.end();
    const { sections } = reader.out;
    if (!reader.isPage || sections.length === 0) return null;
    const nameSection = sections.find(({ heading }) => /^name$/i.test(heading));
    const about = nameSection?.paragraphs.join(' ').replace(/\s+/g, ' ') ?? '';
    // apropos(1) reads this section alike: names, a dash, the description.
    const [, names = '', summary = ''] = /^(.*?)\s+(?:-{1,3}|[–—])\s+(.*)$/.exec(about) ?? [];
    const seeAlso = sections.find(({ heading }) => /^see also$/i.test(heading))?.paragraphs.join(' ') ?? '';
    const named = names.split(/[\s,]+/).filter(name => /^[\w.:+@[-]{1,80}$/.test(name));
    return {
        title: `${file.name}(${file.section})`,
        names: [...new Set([file.name, ...named])].slice(0, 40),
        summary: summary === '' ? about.slice(0, 300) : summary.slice(0, 300),
        sections: sections.filter(section => section !== nameSection),
        seeAlso: [...new Set([...seeAlso.matchAll(/([\w.:+@-]{1,80}) ?\(\d\w*\)/g)].map(([, name = '']) => name))],
    };
}

/** A backslash at its end continues a line. */
function joinLines(source: string): string[] {
    return source.replace(/(?<!\\)((?:\\\\)*)\\\r?\n/g, '$1').split(/\r?\n/);
}

/** Conditions inside conditions; more are not written by anybody. */
const deepest = 100;

class Reader {
    readonly out = new SectionWriter();
    /** Whether the macro that begins every page has been seen. What stands before defines macros. */
    isPage = false;
    /** The macro that ends what is skipped: a definition, or what is ignored. */
    #skippedUntil = '';
    /** Open blocks of conditions, each with whether it is read. */
    #blocks: boolean[] = [];
    #isLiteral = false;
    /** The next line is the tag of a list's entry. */
    #awaitsTag = false;
    #isInTag = false;
    #isTableFormat = false;
    #name = '';

    line(line: string): void {
        if (this.#skippedUntil !== '') {
            if (line.trim() === `.${this.#skippedUntil}`) this.#skippedUntil = '';
            return;
        }
        const [, request, rest = ''] = /^[.'][ \t]*(\\[{}"]|[^\s\\"]*)[ \t]*(.*)$/.exec(line) ?? [];
        if (request === undefined) this.#text(line);
        else if (request !== '' && request !== '\\"') this.#request(request, rest);
    }

    #text(line: string): void {
        const [text, closed] = withoutClosings(line);
        if (this.isRead && this.isPage) this.#write(plain(text));
        this.#close(closed);
    }

    get isRead(): boolean {
        return this.#blocks.every(Boolean);
    }

    #close(count: number): void {
        for (let number = 0; number < count; number += 1) this.#blocks.pop();
    }

    #write(text: string): void {
        if (this.#isTableFormat) {
            if (text.trim().endsWith('.')) this.#isTableFormat = false;
            return;
        }
        if (text.trim() === '' || text === 'T{' || text === 'T}') {
            if (!this.#isLiteral) this.#endParagraph();
            return;
        }
        if (this.#isLiteral) this.out.breakLine();
        this.out.add(this.#isLiteral ? text.replaceAll('\t', '    ').trimEnd() : text.replace(/\s+/g, ' ').trim());
        if (this.#isLiteral) this.out.breakLine();
        if (this.#awaitsTag) {
            this.#awaitsTag = false;
            this.#isInTag = true;
            this.out.breakLine();
        }
    }

    #endParagraph(): void {
        this.out.end();
        this.#awaitsTag = false;
        this.#isInTag = false;
    }

    #request(request: string, rest: string): void {
        if (request === 'if' || request === 'ie' || request === 'el') {
            this.#condition(request, rest);
            return;
        }
        if (request === '\\}' || request === '\\{') {
            this.#close(1);
            return;
        }
        const [argument, closed] = withoutClosings(rest.replace(comment, '$1'));
        if (this.isRead) {
            if (request === 'de' || request === 'de1' || request === 'am' || request === 'ig')
                this.#skippedUntil = (request === 'ig' ? argument : argument.split(/\s+/)[1]) || '.';
            else if (request === 'TH' || request === 'Dd') this.isPage = true;
            else if (this.isPage) this.#macro(request, argument);
        }
        this.#close(closed);
    }

    /** “n” stands for a terminal, “t” for print. Other conditions ask for what only a formatter has. */
    #condition(request: string, rest: string): void {
        const condition = request === 'el' ? '' : (/^\s*(?:!?[nt]\b|\S+)/.exec(rest)?.[0] ?? '');
        const isTrue = condition.trim() === 'n' || condition.trim() === '!t';
        const body = rest.slice(condition.length).trimStart();
        if (body.startsWith('\\{')) {
            if (this.#blocks.length < deepest) this.#blocks.push(isTrue);
            const inner = body.slice(2).trimStart();
            if (inner !== '') this.line(inner);
        } else if (isTrue && this.isRead) this.line(body);
    }

    #macro(request: string, rest: string): void {
        switch (request) {
            case 'SH':
            case 'SS':
            case 'Sh':
            case 'Ss': {
                this.#endParagraph();
                this.#isLiteral = false;
                const words = argumentsOf(rest).map(plain).join(' ');
                if (words.trim() !== '') this.out.heading(words);
                return;
            }
            case 'PP':
            case 'P':
            case 'LP':
            case 'HP':
            case 'Pp':
            case 'sp':
            case 'RE':
            case 'Bl':
            case 'El':
                if (!this.#isInTag || request !== 'sp') this.#endParagraph();
                return;
            case 'RS':
                // What is indented belongs to the line above it: DocBook writes the entries of lists so.
                this.out.breakLine();
                return;
            case 'br':
                this.out.breakLine();
                return;
            case 'TP':
                this.#endParagraph();
                this.#awaitsTag = true;
                return;
            case 'TQ':
                this.#awaitsTag = true;
                return;
            case 'IP':
            case 'SY': {
                this.#endParagraph();
                const [tag = ''] = argumentsOf(rest).map(plain);
                if (tag.trim() !== '') {
                    this.out.add(tag.trim());
                    this.out.breakLine();
                    this.#isInTag = true;
                }
                return;
            }
            case 'It':
                this.#endParagraph();
                this.#write(this.#mdoc(rest));
                this.out.breakLine();
                return;
            case 'nf':
            case 'EX':
            case 'Bd':
                this.#isLiteral = true;
                return;
            case 'fi':
            case 'EE':
            case 'Ed':
                this.#isLiteral = false;
                return;
            case 'TS':
                this.#isTableFormat = true;
                return;
            case 'B':
            case 'I':
            case 'SM':
            case 'SB':
            case 'R':
            case 'UR':
            case 'MT':
                this.#write(argumentsOf(rest).map(plain).join(' '));
                return;
            case 'OP':
                this.#write(`[${argumentsOf(rest).map(plain).join(' ')}]`);
                return;
            case 'MR': {
                const [name = '', section = '', after = ''] = argumentsOf(rest).map(plain);
                this.#write(`${name}(${section})${after}`);
                return;
            }
            case 'BR':
            case 'RB':
            case 'BI':
            case 'IB':
            case 'IR':
            case 'RI':
                this.#write(argumentsOf(rest).map(plain).join(''));
                return;
            default:
                // The macros of mdoc(7) have two letters; the second is lower case.
                if (
                    /^[A-Z][a-z0-9]$|^%[A-Z]$/.test(request) &&
                    !/^(?:Dt|Os|An|In|Lb|Rs|Re|Sm|Bk|Ek|Fo|Fc)$/.test(request)
                )
                    this.#write(this.#mdoc(`${request} ${rest}`));
        }
    }

    /** A line of mdoc(7), whose words may be macros, too. */
    #mdoc(line: string): string {
        let text = '';
        let isJoined = true;
        let macro = '';
        const closings: string[] = [];
        const put = (word: string) => {
            if (word === '') return;
            const isClosing = /^[.,:;)\]?!]$/.test(word);
            text += (isJoined || isClosing ? '' : ' ') + word;
            isJoined = /^[([]$/.test(word);
        };
        const enclose = ([open = '', close = '']: readonly string[]) => {
            put(open);
            isJoined = true;
            closings.push(close);
        };
        const words = argumentsOf(line);
        for (const [index, word] of words.entries()) {
            const pair = enclosures.get(word);
            if (pair !== undefined) {
                enclose(pair);
                macro = '';
            } else if (word === 'Ns' || word === 'Pf') isJoined = word === 'Ns' || isJoined;
            else if (word === 'Nm') {
                macro = '';
                const next = words[index + 1];
                if (next === undefined || isMacro(next) || /^[.,:;)]$/.test(next)) put(this.#name);
                else if (this.#name === '') this.#name = plain(next);
            } else if (word === 'Nd') put('-');
            else if (word === 'Xo' || word === 'Xc') continue;
            else if (word === 'Ar' && (words[index + 1] === undefined || isMacro(words[index + 1] ?? '')))
                put('file …');
            else if (isMacro(word)) macro = word;
            else if (macro === 'Fl') put(/^[.,:;)\]|]$/.test(word) ? word : `-${plain(word)}`);
            else if (macro === 'Xr' && /^\d\w?$/.test(word)) {
                text += `(${word})`;
                macro = '';
            } else put(plain(word));
        }
        // What follows the text of an enclosure on its line, such as a full stop, stands outside of it.
        const [, inner = '', after = ''] = /^([^]*?)([.,:;]*)$/.exec(text) ?? [];
        return closings.length === 0 ? text : inner + closings.reverse().join('') + after;
    }
}

const enclosures = new Map<string, readonly [string, string]>(
    Object.entries({
        Op: ['[', ']'],
        Oo: ['[', ''],
        Oc: [']', ''],
        Dq: ['“', '”'],
        Qq: ['"', '"'],
        Sq: ['‘', '’'],
        Ql: ['‘', '’'],
        Pq: ['(', ')'],
        Po: ['(', ''],
        Pc: [')', ''],
        Bq: ['[', ']'],
        Aq: ['<', '>'],
        Brq: ['{', '}'],
    }),
);

const isMacro = (word: string) =>
    /^(?:Ad|An|Ao|Ac|Ar|Cd|Cm|Dv|Em|Er|Ev|Fa|Fl|Fn|Ft|Ic|Li|Lk|Ms|Mt|Nd|Nm|No|Ns|Pa|Pf|St|Sx|Sy|Tn|Va|Vt|Xr|Ta|%[A-Z])$/.test(
        word,
    ) || enclosures.has(word);

/** From its mark to the end of the line. */
const comment = /(^|[^\\])\\".*$/;

/** The arguments of a macro: words, or what stands in quotation marks. */
function argumentsOf(text: string): string[] {
    const words = text.match(/"(?:[^"]|"")*"?|(?:\\.|[^\s\\])+/g) ?? [];
    return words.map(word => (word.startsWith('"') ? word.slice(1).replace(/"$/, '').replaceAll('""', '"') : word));
}

/** The text without marks that end the block of a condition, and how many there were. */
function withoutClosings(text: string): [text: string, count: number] {
    const parts = text.split('\\}');
    return [parts.join(''), parts.length - 1];
}

/** Special characters of groff_char(7) that manual pages use. */
const characters = new Map<string, string>(
    Object.entries({
        aq: "'",
        dq: '"',
        oq: '‘',
        cq: '’',
        lq: '“',
        rq: '”',
        bu: '•',
        em: '—',
        en: '–',
        hy: '-',
        mi: '-',
        ha: '^',
        ti: '~',
        ga: '`',
        rs: '\\',
        sl: '/',
        bv: '|',
        or: '|',
        co: '©',
        rg: '®',
        tm: '™',
        de: '°',
        mu: '×',
        ge: '≥',
        le: '≤',
        '->': '→',
        '<-': '←',
        at: '@',
        sh: '#',
        Do: '$',
        lB: '[',
        rB: ']',
        lC: '{',
        rC: '}',
        la: '<',
        ra: '>',
        fo: '›',
        Fo: '«',
        Fc: '»',
        ss: 'ß',
        Po: '£',
        Eu: '€',
        sc: '§',
        nb: '',
    }),
);

/** Strings that the macros of groff define. */
const strings = new Map(Object.entries({ lq: '“', rq: '”', Aq: "'", R: '®', Tm: '™' }));

const escapes =
    /\\(?:f(?:\[[^\]]*\]|\([^]{2}|[^])|s[-+]?(?:\d{1,2}|\[[^\]]*\]|\(..|'[^']*')|[hvwXZoblLDASHNRxC]'([^']*)'|[mMFYgVnk](?:\[[^\]]*\]|\([^]{2}|[^])|\*(?:\[([^\]]*)\]|\(([^]{2})|([^]))|\[([^\]]*)\]|\(([^]{2})|".*$|([^]))/g;

/** Text without the escapes of roff(7). */
function plain(text: string): string {
    if (!text.includes('\\')) return text;
    return text.replace(
        escapes,
        (
            whole,
            _quoted?: string,
            long?: string,
            pair?: string,
            single?: string,
            named?: string,
            two?: string,
            one?: string,
        ) => {
            const string = long ?? pair ?? single;
            if (string !== undefined) return strings.get(string) ?? '';
            const name = named ?? two;
            if (name !== undefined) return specialCharacter(name);
            if (one === undefined) return '';
            if (one === '-') return '-';
            if (one === 'e' || one === '\\') return '\\';
            if (one === ' ' || one === '~' || one === '0' || one === 't') return ' ';
            if (one === "'" || one === '`' || one === '.' || one === '_') return one;
            return whole.length > 2 || /[&|^/,:%cduprazE{})!?\n]/.test(one) ? '' : one;
        },
    );
}

function specialCharacter(name: string): string {
    const code = /^u([0-9A-F]{4,5})$/.exec(name)?.[1];
    if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
    return characters.get(name) ?? '';
}
