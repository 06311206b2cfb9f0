import { Phrasebook } from '../../../service/textAnalysis/phrases.ts';
import type { PhraseGroup } from '../../../service/textAnalysis/phrases.ts';
import { TextLogEntry } from '../../../service/textAnalysis/textLogEntry.ts';

type Group = Omit<PhraseGroup<'it'>, 'says' | 'meaning'>;

function isSaid(group: Group, text: string): boolean {
    const book = new Phrasebook([{ says: 'it', meaning: 'it', ...group }]);
    return book.read(new TextLogEntry(Buffer.from(text), 1, 0), text)('it');
}

describe('Phrases', () => {
    it('are whole words, unless they say that a word goes on', () => {
        const errors = { phrases: ['error'] };
        for (const text of ['error', 'an error.', 'error: 5', '[error]', 'no, error/'])
            expect(isSaid(errors, text)).withContext(text).toBeTrue();
        for (const text of ['terror', 'errors', 'error_5', 'see error.log', 'error-handler.c', '/error/page'])
            expect(isSaid(errors, text)).withContext(text).toBeFalse();
        expect(isSaid({ phrases: ['corrupt*'] }, 'corruption')).toBeTrue();
        expect(isSaid({ phrases: ['corrupt*'] }, 'incorruptible')).toBeFalse();
        expect(isSaid({ phrases: ['*connect*'] }, 'reconnecting')).toBeTrue();
    });

    it('stand for each of their alternatives', () => {
        const busy = { phrases: ['(port|address) (already |)in use'] };
        for (const text of ['port in use', 'address already in use']) expect(isSaid(busy, text)).toBeTrue();
        expect(isSaid(busy, 'port already used')).toBeFalse();
    });

    it('say nothing as a part of what says something else, and all the same beside it', () => {
        const limits = { phrases: ['limit exceeded', 'panic'], except: ['rate limit', 'panic (button|handler)'] };
        expect(isSaid(limits, 'memory limit exceeded')).toBeTrue();
        expect(isSaid(limits, 'rate limit exceeded')).toBeFalse();
        expect(isSaid(limits, 'panic handler is there')).toBeFalse();
        expect(isSaid(limits, 'panic handler: panic')).toBeTrue();
    });

    it('may ask for what has to follow, at once or soon', () => {
        const atOnce = { phrases: ['cannot'], then: { begins: ['open'], within: 0 } };
        expect(isSaid(atOnce, 'cannot opening, cannot open it')).toBeTrue();
        expect(isSaid(atOnce, 'cannot now open it')).toBeFalse();
        const soon = { phrases: ['cannot'], then: { begins: ['server'], within: 2 } };
        expect(isSaid(soon, 'cannot find the server')).toBeTrue();
        expect(isSaid(soon, 'cannot find any of the servers')).toBeFalse();
    });

    it('may ask for several words to follow', () => {
        const whole = { phrases: ['cannot'], then: { begins: ['stat ', 'set up'], within: 0 } };
        expect(isSaid(whole, "cannot stat '/etc/foo'")).toBeTrue();
        expect(isSaid(whole, 'cannot set up the zone')).toBeTrue();
        for (const text of ['cannot state it', 'cannot stat', 'cannot set it up', 'cannot now set up'])
            expect(isSaid(whole, text)).withContext(text).toBeFalse();
        const soon = { phrases: ['cannot'], then: { begins: ['config file'], within: 2 } };
        expect(isSaid(soon, 'cannot find the config file')).toBeTrue();
        expect(isSaid(soon, 'cannot find any of the config files')).toBeFalse();
        expect(isSaid(soon, 'cannot find the config')).toBeFalse();
    });

    it('name the literals that a text must have for them, each once', () => {
        const book = new Phrasebook([
            { says: 'a', meaning: 'a', phrases: ['fail*', 'failed to start', 'timed out'] },
            { says: 'b', meaning: 'b', phrases: ['retry'] },
        ]);
        expect(book.literalsOf('a')).toEqual(['fail', 'timed out']);
        expect(book.literalsOf('a', 'b')).toEqual(['fail', 'retry', 'timed out']);
    });
});
