// llama-server of Debian, started inside a test desktop and asked through a socket that both sides see.
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import type { Desktop } from '../desktop/desktop.ts';
import { until } from '../desktop/waiting.ts';
import { Stopwatch, type Answer, type Asked, type Side } from './side.ts';

const socket = '/run/llama-server.sock';
const unit = 'llama-server.service';

const chunk = z.object({
    choices: z.array(z.object({ delta: z.object({ content: z.string().nullish() }) })),
    usage: z.object({ completion_tokens: z.int(), prompt_tokens: z.int() }).optional(),
});

export class LlamaServer implements Side {
    readonly #desktop: Desktop;
    readonly #argv: readonly string[];

    constructor(desktop: Desktop, options: { model: string; threads: number; contextTokens: number }) {
        this.#desktop = desktop;
        this.#argv = [
            ...['llama-server', '--model', options.model, '--host', socket, '--threads', String(options.threads)],
            ...['--ctx-size', String(options.contextTokens), '--parallel', '1'],
        ];
    }

    async start(): Promise<void> {
        // It leaves its socket behind, and does not start where there is one.
        await this.#desktop.exec(['rm', '--force', socket]);
        const properties = ['CPUSchedulingPolicy=rr', 'CPUSchedulingPriority=1'].map(name => `--property=${name}`);
        const start = ['systemd-run', '--quiet', '--collect', `--unit=${unit}`, ...properties, '--'];
        await this.#desktop.exec([...start, ...this.#argv]);
        await until('llama-server has loaded its model', async () => {
            await pause(5);
            return await this.#isReady();
        });
    }

    async stop(): Promise<void> {
        await this.#desktop.exec(['systemctl', 'stop', unit]);
    }

    async ask({ messages, tokens }: Asked): Promise<Answer> {
        const watch = new Stopwatch();
        const response = await this.#send('POST', '/v1/chat/completions', {
            messages: messages.map(({ role, text }) => ({ role, content: text })),
            ...{ max_tokens: tokens, temperature: 0, ignore_eos: true },
            ...{ stream: true, stream_options: { include_usage: true } },
        });
        let usage: z.output<typeof chunk>['usage'];
        for await (const line of createInterface(response)) {
            const data = /^data: (\{.*)$/.exec(line)?.[1];
            if (data === undefined) continue;
            const { choices, usage: told } = chunk.parse(JSON.parse(data));
            if (choices[0]?.delta.content) watch.text();
            usage = told ?? usage;
        }
        if (usage === undefined) throw new Error('llama-server has not told what it did');
        return watch.answer(usage.prompt_tokens, usage.completion_tokens);
    }

    async #isReady(): Promise<boolean> {
        try {
            const response = await this.#send('GET', '/health');
            response.resume();
            return response.statusCode === 200;
        } catch {
            return false;
        }
    }

    async #send(method: string, path: string, body?: unknown): Promise<IncomingMessage> {
        const headers = { 'content-type': 'application/json' };
        const sent = request({ socketPath: this.#desktop.outside(socket), method, path, headers });
        sent.end(body === undefined ? undefined : JSON.stringify(body));
        const [response] = (await once(sent, 'response')) as [IncomingMessage];
        return response;
    }
}
