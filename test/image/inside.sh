# Runs inside the image, as root; test/image.ts puts it there. It tells what it sees: a name, a tab and a text, one line each.
#   inside.sh live | install DISK | installed
until [ -e /dev/virtio-ports/reeve ]; do sleep 1; done
exec >/dev/virtio-ports/reeve 2>&1
export LC_ALL=C.UTF-8
tell() { printf '%s\t%s\n' "$1" "$(tr '\n\t' '  ')"; }
uptime() { cut --delimiter=' ' --fields=1 /proc/uptime; }
live() {
    runuser --user=live -- env XDG_RUNTIME_DIR=/run/user/1000 DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/1000/bus \
        TERM=dumb "$@"
}
# The image has no script(1).
on_terminal() { live python3 -c 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)' "$@"; }
complaints() { journalctl --boot --priority=err --output=cat --no-pager | sort --unique | head --lines=40; }
failed() { systemctl --failed --no-legend --plain | cut --delimiter=' ' --fields=1; }
end() {
    failed | tell failed
    complaints | tell complaints
    echo | tell end
    sync
    systemctl --no-block poweroff
}

if [ "$1" = installed ]; then
    until pgrep --exact gnome-initial-s; do sleep 2; done | tell setup
    uptime | tell desktop
    until [ "$(systemctl is-active installed.service)" != activating ]; do sleep 1; done
    getent passwd live | tell live
    ls /etc/reeve-installed /etc/gdm3/daemon.conf /usr/share/polkit-1/rules.d/50-live.rules 2>/dev/null | tell left
    findmnt --noheadings --output=SOURCE / | tell root
    end
    exit
fi

uptime | tell up
until live busctl --user status org.gnome.Shell >/dev/null 2>&1; do sleep 1; done
uptime | tell shell
until live gnome-extensions info reeve@reevedesktop.org 2>/dev/null | grep --quiet 'State: ACTIVE'; do sleep 1; done
# 1 says that something is wrong.
until live reeve status >/tmp/status 2>&1 || [ $? = 1 ]; do sleep 1; done
uptime | tell indicator
tell status </tmp/status
if [ "$1" = live ]; then
    unit=/home/live/.config/systemd/user/sample.service
    live mkdir --parents "$(dirname $unit)"
    live tee $unit >/dev/null <<'END'
[Service]
ExecStart=/bin/sh -c 'test -e %h/ok || exit 3; exec sleep infinity'
END
    live systemctl --user daemon-reload
    live systemctl --user start sample.service
    find='JSON.parse(fs.readFileSync(0)).incidents.find(({ subject }) => subject === "sample.service")?.id ?? ""'
    until number=$(live reeve incidents --json | node --print "$find") && [ -n "$number" ]; do sleep 1; done
    live reeve incidents | tell incidents
    # The incident is there before its fixes are.
    until live reeve show "$number" | grep --quiet 'Restart sample.service'; do sleep 1; done
    live touch /home/live/ok
    (for _ in $(seq 1200); do grep --quiet --no-messages --text 'Apply this?' /tmp/fix && break; sleep 1; done; echo y) |
        on_terminal timeout 1200 reeve fix "$number" >/tmp/fix
    tr --delete '\r' </tmp/fix | tell fix
    live systemctl --user is-active sample.service | tell unit
else
    systemd-sysinstall --welcome=no --chrome=no --summary=no --erase=yes --confirm=no --variables=no "$2" >/tmp/install 2>&1 </dev/null
    echo $? | tell code
    tail --lines=15 /tmp/install | tell install
fi
end
