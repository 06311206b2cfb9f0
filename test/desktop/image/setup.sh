#!/bin/bash
# Runs as root inside a new image: setup.sh PACKAGE …
set -euo pipefail

apt-get update -q
apt-get install -qy --no-install-recommends "$@"

printf '%s UTF-8\n' en_US.UTF-8 de_DE.UTF-8 ar_EG.UTF-8 >/etc/locale.gen
locale-gen

# The first user of a Debian desktop, as its installer makes her.
useradd --create-home --shell /bin/bash --groups sudo,adm,systemd-journal --comment Alice alice
printf 'alice:alice\nroot:root\n' | chpasswd

cp -r --no-preserve=ownership /image/files/. /
dconf update
systemctl enable desktop.service
systemctl set-default multi-user.target
# These would only cost time.
systemctl mask console-getty.service getty@.service NetworkManager-wait-online.service \
    systemd-networkd-wait-online.service apt-daily.timer apt-daily-upgrade.timer

# Every desktop gets its own identity.
: >/etc/machine-id
rm -f /var/lib/dbus/machine-id
mkdir -p /var/log/journal
