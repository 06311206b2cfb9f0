import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { asksForInstructions } from '../../../service/assistant/answers/passage.ts';
import { runTool } from '../../../service/assistant/tools/registry.ts';
import { Documentation } from '../../../service/knowledge/documentation.ts';
import { KnowledgeIndex } from '../../../service/knowledge/knowledgeIndex.ts';
import { findSources } from '../../../service/knowledge/sources.ts';
import { ask } from './asking.ts';
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

    beforeEach(async () => {
        root = mkdtempSync(join(tmpdir(), 'reeve-documentation-'));
        mkdirSync(join(root, 'share/man/man1'), { recursive: true });
        manual('tar', 'an archiving utility', '.TP', '-x', 'Extract files from an archive.');
        manual('chmod', 'change file mode bits', 'The digits of 755 mean what the owner may do.');
        manual('evil', 'conquer the planet', 'Quietly, [click](http://evil.example) **here**', '.br', '# now');
        for (let number = 0; number < 20; number += 1) manual(`page${number}`, 'some thing', 'how the other words are');
        using index = KnowledgeIndex.open(join(root, 'index'));
        await index.update(await findSources(new AbortController().signal, [join(root, 'share')]), {
            signal: new AbortController().signal,
        });
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
        expect((await ask('what does chmod 755 mean', { documentation })).text).toContain(
            'From **chmod(1)**, Options:',
        );
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
