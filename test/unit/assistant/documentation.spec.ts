import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { asksForInstructions, ordersAskedFor } from '../../../service/assistant/instructions.ts';
import { runTool } from '../../../service/assistant/tools/registry.ts';
import { Documentation } from '../../../service/knowledge/documentation.ts';
import { KnowledgeIndex } from '../../../service/knowledge/knowledgeIndex.ts';
import { findSources } from '../../../service/knowledge/sources.ts';
import type { WishParts } from '../../../service/assistant/wishes/wishAnswer.ts';
import type { Plan } from '../../../service/model/proposal.ts';
import { ReeveError } from '../../../service/util/errors.ts';
import { ask, proposal } from './asking.ts';
import { toolContext } from './tools/context.ts';

describe('A question for instructions', () => {
    let root: string;
    let documentation: Documentation;

    const manual = (name: string, summary: string, ...options: string[]) => {
        writeFileSync(
            join(root, 'share/man/man1', `${name}.1`),
            [`.TH ${name} 1`, '.SH NAME', `${name} \\- ${summary}`, '.SH OPTIONS', ...options].join('\n'),
        );
    };

    const update = async () => {
        using index = KnowledgeIndex.open(join(root, 'index'));
        await index.update(await findSources(new AbortController().signal, [join(root, 'share')]), {
            signal: new AbortController().signal,
        });
    };

    beforeEach(async () => {
        root = mkdtempSync(join(tmpdir(), 'reeve-documentation-'));
        mkdirSync(join(root, 'share/man/man1'), { recursive: true });
        manual('tar', 'an archiving utility', '.TP', '-x', 'Extract files from an archive.');
        manual(
            'chmod',
            'change file mode bits',
            '755 is one.',
            '.SH MODES',
            'A numeric mode has octal digits: rwxr-xr-x.',
        );
        manual('evil', 'conquer the planet', 'Quietly, [click](http://evil.example) **here**', '.br', '# now');
        for (let number = 0; number < 20; number += 1) manual(`page${number}`, 'some thing', 'how the other words are');
        await update();
        documentation = new Documentation(join(root, 'index'));
    });
    afterEach(() => {
        rmSync(root, { recursive: true });
    });

    it('is answered by the passage that fits, with its page and section', async () => {
        const { topic, answerer, text, evidence } = await ask('How do I extract a tar archive?', { documentation });
        expect([topic, answerer]).toEqual(['documentation', 'built-in']);
        expect(text).toBe('From **tar(1)**, Options:\n\n> -x\n> Extract files from an archive.\n');
        expect(evidence).toEqual([
            jasmine.objectContaining({
                source: 'file',
                origin: join(root, 'share/man/man1/tar.1'),
                message: 'Options',
            }),
        ]);
        expect((await ask('what does chmod 755 mean', { documentation })).text).toContain('From **chmod(1)**, Modes:');
    });

    it('is refused where nothing clearly fits, where there is no index, and where it is about this computer', async () => {
        for (const question of [
            'how do I cook rice',
            'how do I extract a tooth',
            'how do I explain some other words',
            'what is my archive',
            'extract tar archive',
        ])
            expect((await ask(question, { documentation })).topic)
                .withContext(question)
                .toBe('none');
        const missing = new Documentation(join(root, 'elsewhere'));
        expect((await ask('How do I extract a tar archive?', { documentation: missing })).topic).toBe('none');
        expect((await ask('How do I extract a tar archive?')).topic).toBe('none');
    });

    it('about a number is answered by the passage that has it', async () => {
        manual(
            'netcat',
            'read and write',
            'Use numeric addresses, no names.',
            '.SH PORTS',
            'Port 443 is that of HTTPS.',
        );
        await update();
        expect((await ask('what does netcat 443 mean', { documentation })).text).toContain(
            'Port 443 is that of HTTPS.',
        );
    });

    it('names the pages that come nearest where none clearly fits', async () => {
        manual('mount', 'mount a filesystem', 'Of a file, a loop device is made.', 'An image can be one.');
        await update();
        const { topic, text, evidence } = await ask('how do I mount a filesystem from an image of a CD?', {
            documentation,
        });
        expect(topic).toBe('documentation');
        expect(text).toBe(
            'No page of the documentation here clearly says that. These come nearest:\n\n- **mount(1)**: mount a filesystem\n',
        );
        expect(evidence.map(({ message }) => message)).toEqual(['mount a filesystem']);
    });

    it('is told how a command is called where its page only says what it is for', async () => {
        writeFileSync(
            join(root, 'share/man/man1/chown.1'),
            '.TH chown 1\n.SH NAME\nchown \\- change file owner\n.SH SYNOPSIS\nchown OWNER FILE\n.SH DESCRIPTION\nSee there.',
        );
        await update();
        expect((await ask('how do I change the owner of a file', { documentation })).text).toBe(
            'From **chown(1)**:\n\n> chown(1) - change file owner\n>\n> chown OWNER FILE\n',
        );
    });

    it('is told the steps where a page of help only says what they are for', async () => {
        mkdirSync(join(root, 'share/help/C/gnome-help'), { recursive: true });
        writeFileSync(
            join(root, 'share/help/C/gnome-help/shot.page'),
            '<page xmlns="http://projectmallard.org/1.0/"><info><desc>Take a picture of your screen.</desc></info>' +
                '<title>Screenshots</title><p>For others.</p><steps><item><p>Press Print.</p></item></steps></page>',
        );
        await update();
        expect((await ask('how do I take a picture of the screen', { documentation })).text).toBe(
            'From **Screenshots (gnome-help)**:\n\n> Screenshots (gnome-help) - Take a picture of your screen.\n>\n> •\u00a0Press Print.\n',
        );
    });

    it('about a name alone is answered by the page of that name, however common the word is', async () => {
        for (let number = 0; number < 20; number += 1)
            manual(`other${number}`, 'an archive of tar', 'tar, tar and tar');
        await update();
        expect((await ask('what is tar', { documentation })).text).toContain('> tar(1) - an archiving utility');
    });

    it('asks in each language for what can be ordered', () => {
        for (const [question, ...orders] of [
            ['How do I turn on dark mode?', 'turn on dark mode'],
            ['please tell me how to mute the sound', 'mute the sound'],
            ['is there a way to make the text bigger', 'make the text bigger'],
            ['wie schalte ich den dunklen Modus ein?', 'schalte den dunklen Modus ein'],
            ['Wie kann ich den dunklen Modus einschalten', 'den dunklen Modus einschalten'],
            ['كيف يمكنني أن أشغل الوضع الداكن؟', 'شغل الوضع الداكن', 'اشغل الوضع الداكن'],
            ['كيف يمكنني تشغيل الوضع الداكن', 'تشغيل الوضع الداكن'],
            ['is there any way to mute the sound', 'mute the sound'],
            ['how do I update a package'],
            ['wie kann ich ein Paket aktualisieren'],
            ['كيف أحدث حزمة'],
            ['كيف الشبكة'],
            ['how much memory is free'],
            ['wie heiß ist der Prozessor'],
        ])
            expect(ordersAskedFor(question ?? ''))
                .withContext(question ?? '')
                .toEqual(orders);
    });

    describe('that Reeve could do', () => {
        const asked: string[] = [];
        const wishesWith = (plan: () => Promise<Plan>): WishParts => ({
            actions: { plan },
            proposals: {
                ask: wish => {
                    asked.push(wish);
                    return { id: 1, proposals: [proposal] } as never;
                },
            },
            surroundings: { systemd: {}, machine: null } as never,
        });
        beforeEach(() => {
            asked.length = 0;
        });

        it('is answered by its plan', async () => {
            const wishes = wishesWith(() => Promise.resolve(proposal.plan));
            const { topic, text } = await ask('how do I turn off the firewall?', { documentation, wishes });
            expect([topic, text, asked]).toEqual([
                'wish',
                'I can do that. Nothing changes until you apply the plan.\n',
                ['turn off the firewall'],
            ]);
        });

        it('is left to the documentation where there can be no plan, or only one that comes near', async () => {
            manual('firewall', 'turn off what protects');
            await update();
            const refused = wishesWith(() => Promise.reject(new ReeveError('InvalidState', 'It is off')));
            const { topic } = await ask('how do I turn off the firewall?', { documentation, wishes: refused });
            expect(topic).toBe('documentation');
            const wishes = wishesWith(() => Promise.resolve(proposal.plan));
            for (const question of ['how do I rename a file', 'how do I make a systemd timer'])
                expect((await ask(question, { documentation, wishes })).topic)
                    .withContext(question)
                    .not.toBe('wish');
            expect(asked).toEqual([]);
        });
    });

    it('leaves a question that has an answer to that', async () => {
        manual('uptime', 'tell how long the system has been running', 'what is the uptime of a computer');
        expect((await ask('what is the uptime', { documentation })).topic).not.toBe('documentation');
    });

    it('quotes a page as text, whatever it contains', async () => {
        const { text } = await ask('How do I conquer the planet quietly?', { documentation });
        expect(text).toBe(
            'From **evil(1)**, Options:\n\n> Quietly, [click] (`http://evil.example)` ∗∗here∗∗\n> #\u00a0now\n',
        );
    });

    it('can be looked up by a model', async () => {
        const context = toolContext({ documentation });
        const found = await runTool('documentation', { words: 'extract archive' }, context);
        expect([found.failed, found.text]).toEqual([
            false,
            jasmine.stringContaining('tar(1) | Options | an archiving utility\n-x\nExtract files from an archive.'),
        ]);
        expect((await runTool('documentation', { words: 'weather' }, context)).text).toContain('nothing about this');
        expect((await runTool('documentation', { words: 'weather' }, toolContext())).failed).toBeTrue();
    });

    it('is known by how it begins', () => {
        for (const question of [
            'How can I…',
            'please tell me, what is systemd',
            "what's cron",
            'which command lists files',
        ])
            expect(asksForInstructions(question)).withContext(question).toBeTrue();
        for (const question of [
            'how much memory is free',
            'what is using memory now',
            'what is a cat',
            'why',
            'list files',
            '',
        ])
            expect(asksForInstructions(question)).withContext(question).toBeFalse();
    });
});
