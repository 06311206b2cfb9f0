import { recognise } from '../../../../service/faults/unit/knownLines.ts';

describe('Well-known last words', () => {
    // Lines as the programs named behind them write them.
    const lines: [string, string][] = [
        ['nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)', 'network port 80'],
        ['listen tcp :8080: bind: address already in use', 'network port 8080'],
        ['Error: listen EADDRINUSE: address already in use :::3000', 'network port 3000'],
        ['12:30:45 main.go:42: bind: address already in use', 'the network port that it needs'],
        ['OSError: [Errno 98] Address already in use', 'the network port that it needs'],
        ['dd: error writing ‘/full/x’: No space left on device', 'disk that it writes to is full'],
        ['touch: cannot touch ‘/full/y’: Read-only file system', 'read-only'],
        ['open /var/lib/app/db: permission denied', 'not allowed'],
        ['/etc/ssh/sshd_config: line 12: Bad configuration option: PermitRoot', 'configuration'],
        ['nginx: [emerg] unknown directive "lisen" in /etc/nginx/nginx.conf:3', 'configuration'],
        ['app: error while loading shared libraries: libfoo.so.1: cannot open shared object file', 'libfoo.so.1'],
        ['cat: /etc/app/key: No such file or directory', 'file or folder that it needs is missing'],
        ['fork: Cannot allocate memory', 'memory'],
    ];
    for (const [line, text] of lines) {
        it(`explain “${line.slice(0, 50)}”`, () => {
            expect(recognise([line])?.text).toContain(text);
        });
    }

    it('count the latest first, and nothing that was said long before', () => {
        expect(recognise(['No space left on device', 'Permission denied'])?.line).toBe('Permission denied');
        expect(recognise(['Permission denied', '1', '2', '3', '4', '5'])).toBeNull();
    });

    it('is quoted by the line that says where, not by the count of such lines after it', () => {
        const named = '/etc/ssh/sshd_config: line 124: Bad configuration option: PermitRootLogni';
        const counted = '/etc/ssh/sshd_config: terminating, 1 bad configuration options';
        expect(recognise([named, counted])?.line).toBe(named);
        expect(recognise(['x: line 3: Permission denied', counted])?.line).toBe(counted);
        // What the same words say of something else is no better for its place.
        const last = 'nginx: [emerg] open() "/etc/nginx/secret.pem" failed (13: Permission denied)';
        expect(recognise(['start.sh: line 12: /dev/rtc: Permission denied', last])?.line).toBe(last);
    });

    it('are not seen where there are none', () => {
        expect(recognise(['Started serving', 'Goodbye'])).toBeNull();
        expect(recognise([])).toBeNull();
    });

    it('are found in a hostile line without much work', () => {
        const line = `${'address: '.repeat(220)}${'1:2'.repeat(20)}`;
        expect(recognise([line, 'a:'.repeat(1000), 'failed to '.repeat(200)])).toBeNull();
    });
});
