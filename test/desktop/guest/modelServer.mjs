// An OpenAI-compatible server on loopback with scripted answers: modelServer.mjs PORT SCRIPT
//
// SCRIPT is a JSON file, read again for each request: [{ "when": "words of the question", "turns": [[piece, …], …] }]. The
// last user message that holds the words is what is answered; the turn is how often the model has spoken since. A piece is
// { "text" }, { "call", "arguments" }, { "status" } for a refusal, { "hangUp": true }, or { "until": "FILE" }, which waits
// until that file is there.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const [port, script] = process.argv.slice(2);

function turnFor(messages) {
    const scenes = JSON.parse(readFileSync(script, 'utf8'));
    const sceneOf = ({ role, content }) => role === 'user' && scenes.find(({ when }) => String(content).includes(when));
    const asked = messages.findLastIndex(sceneOf);
    if (asked === -1) return [{ text: 'There is nothing in the script for this.' }];
    const { turns } = sceneOf(messages[asked]);
    const spoken = messages.slice(asked).filter(({ role }) => role === 'assistant').length;
    return turns[Math.min(spoken, turns.length - 1)];
}

async function answer({ messages }, response) {
    const send = choice =>
        new Promise(resolve => {
            response.write(`data: ${JSON.stringify({ choices: [{ index: 0, ...choice }] })}\n\n`, resolve);
        });
    const pieces = turnFor(messages);
    const refusal = pieces.find(({ status }) => status !== undefined);
    if (refusal !== undefined) {
        response.writeHead(refusal.status).end();
        return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    let reason = 'stop';
    for (const [index, piece] of pieces.entries()) {
        if (piece.hangUp) {
            response.destroy();
            return;
        }
        while (piece.until !== undefined && !existsSync(piece.until) && !response.destroyed) await pause(20);
        if (piece.text !== undefined) await send({ delta: { content: piece.text } });
        if (piece.call !== undefined) {
            reason = 'tool_calls';
            const called = { name: piece.call, arguments: JSON.stringify(piece.arguments ?? {}) };
            await send({ delta: { tool_calls: [{ index, id: `call${index}`, function: called }] } });
        }
    }
    await send({ delta: {}, finish_reason: reason });
    response.end('data: [DONE]\n\n');
}

createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', text => {
        body += text;
    });
    request.on('end', () => {
        void answer(JSON.parse(body), response);
    });
}).listen(Number(port), '127.0.0.1');
