# What the tests need on this machine. Sourced by infra/test.

debian_packages=()
# Installed where Debian has them; what they are for works without.
better_packages=()

need_everything() {
  has dotnet || fail_need "the .NET SDK (version in global.json)" "https://dot.net"
  if has node && has npm; then
    [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || fail_need "Node.js 20 or newer" "this is $(node --version)"
  else
    want nodejs npm
  fi
  if docker_answers; then
    echo "  PostgreSQL and RabbitMQ: containers of the Docker engine"
  else
    postgres_installed || want postgresql
    rabbitmq_installed || want rabbitmq-server
  fi
  chromium_installed || want chromium fonts-liberation
  # The same browser without the windows that nobody sees: the tests open hundreds.
  [ -n "${CHROMIUM_PATH:-}" ] || has chromium-headless-shell || ! can_install || better_packages+=(chromium-headless-shell)
  # A sample is for Apache with mod_auth_openidc. Where it cannot be had, its tests say so and are skipped.
  if ! apache_installed; then
    if can_install; then want apache2 libapache2-mod-auth-openidc; else echo "  Apache with mod_auth_openidc: not installed, its tests are skipped"; fi
  fi
  install_wanted
}

docker_answers() { has docker && timeout 20 docker info --format '{{.ServerVersion}}' >/dev/null 2>&1; }

# Debian keeps PostgreSQL's programs off the PATH, and does not put sbin on everybody's.
postgres_installed() { has initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }
rabbitmq_installed() { has rabbitmq-server || [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ]; }
chromium_installed() { [ -x "${CHROMIUM_PATH:-/usr/bin/chromium}" ] || has chromium || has google-chrome || has chromium-browser; }

apache_installed() { [ -x /usr/sbin/apache2 ] && [ -e /usr/lib/apache2/modules/mod_auth_openidc.so ]; }

can_install() { [ "$(id -u)" = 0 ] && has apt-get; }

has() { command -v "$1" >/dev/null 2>&1; }

want() { debian_packages+=("$@"); }

install_wanted() {
  [ $((${#debian_packages[@]} + ${#better_packages[@]})) -gt 0 ] || { echo "  everything is installed"; return; }
  if [ ${#debian_packages[@]} -gt 0 ] && ! can_install; then
    fail_need "these programs, by the names of Debian's packages: ${debian_packages[*]}" \
      "install them, or start a Docker engine (then only Chromium and Node.js are needed), or run infra/test as root on Debian"
  fi
  echo "  installing from Debian: ${debian_packages[*]} ${better_packages[*]}"
  export DEBIAN_FRONTEND=noninteractive
  # The tests start servers of their own; a package must not start one beside them.
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
    chmod +x /usr/sbin/policy-rc.d
    policy_is_ours=1
  fi
  {
    apt-get update -q
    [ ${#debian_packages[@]} = 0 ] || apt-get install -qy --no-install-recommends "${debian_packages[@]}"
  } </dev/null >"$root/artifacts/packages.log" 2>&1 || installed=no
  local package
  for package in "${better_packages[@]}"; do
    apt-get install -qy --no-install-recommends "$package" </dev/null >>"$root/artifacts/packages.log" 2>&1 || echo "  $package cannot be had, and is not needed"
  done
  [ -z "${policy_is_ours:-}" ] || rm -f /usr/sbin/policy-rc.d
  if [ "${installed:-}" = no ]; then
    tail -n 20 "$root/artifacts/packages.log" >&2
    fail_need "Debian's packages ${debian_packages[*]}" "apt-get could not install them; see artifacts/packages.log"
  fi
}

fail_need() {
  echo "infra/test needs $1: $2." >&2
  exit 1
}
