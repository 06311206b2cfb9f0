import { socketPaths } from '../../../service/dbus/address.ts';

describe('A D-Bus server address', () => {
    it('names unix sockets, in order, with other transports passed over', () => {
        expect(socketPaths('unix:path=/run/user/1000/bus,guid=0123')).toEqual(['/run/user/1000/bus']);
        expect(socketPaths('tcp:host=localhost,port=1;unix:path=/a;unix:path=/b')).toEqual(['/a', '/b']);
    });

    it('is percent-encoded', () => {
        expect(socketPaths('unix:path=/tmp/a%20b%3b%2c%3d')).toEqual(['/tmp/a b;,=']);
    });

    it('may name an abstract socket', () => {
        expect(socketPaths('unix:abstract=/tmp/dbus-x')).toEqual(['\0/tmp/dbus-x']);
    });

    it('may stand for the bus in the runtime directory', () => {
        const before = process.env.XDG_RUNTIME_DIR;
        process.env.XDG_RUNTIME_DIR = '/run/user/7';
        expect(socketPaths('unix:runtime=yes')).toEqual(['/run/user/7/bus']);
        if (before === undefined) delete process.env.XDG_RUNTIME_DIR;
        else process.env.XDG_RUNTIME_DIR = before;
    });

    it('may make no sense', () => {
        for (const address of ['', ';', 'unix:', 'unix:path', 'nonsense', 'unixexec:path=/bin/true']) {
            expect(socketPaths(address)).toEqual([]);
        }
    });
});
