/**
 * What people typed as a query of SQLite's FTS5, null when it holds no word. Each run of letters and digits becomes a
 * quoted prefix, so that nothing typed can be query syntax (https://sqlite.org/fts5.html#full_text_query_syntax).
 */
export function fullTextQuery(text: string): string | null {
    const words = text.match(/[\p{Letter}\p{Mark}\p{Number}\p{Private_Use}]+/gu);
    return words === null ? null : words.map(word => `"${word}" *`).join(' ');
}
