import { MessageTemplates } from '../../../service/detection/messageTemplates.ts';

describe('MessageTemplates', () => {
    it('take lines that differ in names, numbers and paths for one kind', () => {
        const templates = new MessageTemplates();
        expect(templates.learn('a', 'cannot open /var/lib/one: No such file or directory')).toBeTrue();
        expect(templates.learn('a', 'cannot open /srv/two: No such file or directory')).toBeFalse();
        expect(templates.learn('a', 'cannot connect to upstream database server')).toBeTrue();
        expect(templates.learn('a', 'cannot connect to upstream mail server')).toBeFalse();
        expect(templates.learn('a', 'worker 17 died of 0xdeadbeef')).toBeTrue();
        expect(templates.learn('a', 'worker 4 died of 0xcafe')).toBeFalse();
    });

    it('tell programs apart, and lengths', () => {
        const templates = new MessageTemplates();
        expect(templates.learn('a', 'the disk is on fire')).toBeTrue();
        expect(templates.learn('b', 'the disk is on fire')).toBeTrue();
        expect(templates.learn('a', 'the disk is on fire again')).toBeTrue();
        expect(templates.learn('a', 'the disk is on fire')).toBeFalse();
    });

    it('keep what they have learned', () => {
        const templates = new MessageTemplates();
        templates.learn('a', 'cannot connect to upstream database server');
        templates.learn('a', 'cannot connect to upstream mail server');
        const again = MessageTemplates.from(JSON.parse(JSON.stringify(templates)) as Record<string, string[]>);
        expect(again.learn('a', 'cannot connect to upstream web server')).toBeFalse();
        expect(again.learn('a', 'something else is the matter with it')).toBeTrue();
    });

    it('find nothing new in what says ever new things, and stay small', () => {
        const templates = new MessageTemplates();
        const word = (index: number) => `w${String.fromCharCode(97 + (index % 26), 97 + Math.floor(index / 26))}`;
        const found = Array.from({ length: 600 }, (_each, index) => templates.learn('a', `${word(index)} failed`));
        expect(found.filter(Boolean).length).toBe(64);
        expect(found.at(-1)).toBeFalse();
        for (let index = 0; index < 2000; index++) templates.learn(`origin ${index}`, 'x'.repeat(100_000));
        expect(JSON.stringify(templates).length).toBeLessThan(300_000);
    });
});
