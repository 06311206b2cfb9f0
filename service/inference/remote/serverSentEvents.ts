import { garbled } from './http.ts';
import { _ } from '../../i18n/i18n.ts';

const longestLine = 1024 * 1024;

/**
 * The data of each event of a stream of server-sent events (HTML, "Server-sent events"), as OpenAI-compatible servers use them:
 * one line of data each. Comments and other fields are passed over.
 *
 * @throws InferenceError RemoteGarbled for a line of over a megabyte
 */
export async function* eventData(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const bytes of body) {
        rest += decoder.decode(bytes, { stream: true });
        const lines = rest.split(/\r\n|\n|\r(?!$)/);
        rest = lines.pop() ?? '';
        if (rest.length > longestLine) throw garbled(_('a line does not end'));
        for (const line of lines) if (line.startsWith('data:')) yield line.slice('data:'.length).trim();
    }
    if (rest.startsWith('data:')) yield rest.slice('data:'.length).trim();
}
