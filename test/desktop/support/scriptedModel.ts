// A language model that says what a spec wants, on a server inside of the test desktop: Reeve knows it as any other.
import { alice } from '../container.ts';
import type { Desktop } from '../desktop.ts';
import { until } from '../waiting.ts';

/** See guest/modelServer.mjs. A piece with `until` waits for `ScriptedModel.goOn` with that word. */
export type Piece =
    | { text: string }
    | { call: string; arguments?: Record<string, unknown> }
    | { status: number }
    | { hangUp: true }
    | { until: string };
export type Scene = { when: string; turns: Piece[][] };

export const modelName = 'Scripted 4B';
const port = 8080;
const script = '/tmp/scenes.json';
const signFor = (word: string) => `/tmp/go-on-${word}`;

/** The service's settings with which it answers. */
export const modelSettings = `[server]
url = "http://127.0.0.1:${port}/v1"
model = "${modelName}"
`;

/** For `Desktop.boot({ files })`. */
export const modelFiles = { [`${alice.home}/.config/reeve/config.toml`]: modelSettings };

export class ScriptedModel {
    readonly #desktop: Desktop;

    private constructor(desktop: Desktop) {
        this.#desktop = desktop;
    }

    static async start(desktop: Desktop): Promise<ScriptedModel> {
        const model = new ScriptedModel(desktop);
        await model.play([]);
        const server = [
            '/opt/reeve-build/lib/node',
            '/usr/local/lib/reeve-desktop/modelServer.mjs',
            String(port),
            script,
        ];
        await desktop.user(['systemd-run', '--user', '--collect', '--unit=scripted-model', ...server]);
        await until('the model’s server listens', async () => {
            const { stdout } = await desktop.exec(['ss', '--listening', '--tcp', '--numeric', '--no-header']);
            return stdout.includes(`127.0.0.1:${port}`);
        });
        return model;
    }

    /** What it says from now on. */
    async play(scenes: Scene[]): Promise<void> {
        const withSigns = scenes.map(({ when, turns }) => ({
            when,
            turns: turns.map(pieces =>
                pieces.map(piece => ('until' in piece ? { until: signFor(piece.until) } : piece)),
            ),
        }));
        // Waits again, even if an earlier scene has already waited for it.
        const words = scenes
            .flatMap(({ turns }) => turns.flat())
            .flatMap(piece => ('until' in piece ? [piece.until] : []));
        await this.#desktop.exec(['rm', '--force', '--', ...words.map(signFor)]);
        await this.#desktop.writeFile(script, JSON.stringify(withSigns));
    }

    async goOn(word: string): Promise<void> {
        await this.#desktop.exec(['touch', signFor(word)]);
    }
}
