import type { Turn } from './followUp.ts';

const kept = 64;
const ofConversation = 'conversation ';

/** The last turn of each conversation, for follow-ups. It is in memory alone: after a restart, a person says what they mean in full. */
export class Turns {
    /** Those that spoke longest ago come first. */
    readonly #turns = new Map<string, Turn>();

    /** @param asked.client who asks, for conversations that are not kept */
    last(asked: Asked): Turn | null {
        const key = keyOf(asked);
        return key === null ? null : (this.#turns.get(key) ?? null);
    }

    /** @param conversation where the turn was kept, if it was */
    add(asked: Asked, conversation: number | null, turn: Turn): void {
        const key = keyOf(conversation === null ? asked : { conversation });
        if (key === null) return;
        this.#turns.delete(key);
        this.#turns.set(key, turn);
        const [oldest] = this.#turns.keys();
        if (this.#turns.size > kept && oldest !== undefined) this.#turns.delete(oldest);
    }

    /** @param conversation 0 for all that were kept */
    forget(conversation: number): void {
        if (conversation !== 0) this.#turns.delete(keyOf({ conversation }) ?? '');
        else for (const key of [...this.#turns.keys()]) if (key.startsWith(ofConversation)) this.#turns.delete(key);
    }
}

type Asked = { conversation?: number | 'new' | undefined; client?: string | undefined };

function keyOf({ conversation, client }: Asked): string | null {
    if (typeof conversation === 'number') return `${ofConversation}${conversation}`;
    return conversation === undefined || client === undefined ? null : `client ${client}`;
}
