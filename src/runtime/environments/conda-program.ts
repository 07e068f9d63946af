/**
 * A program `conda` that lets micromamba do the work: scripts' own `conda install -y …`, `conda activate` and
 * `conda env list` work unchanged. Its hook is our own, so activating costs no start of a program. `python` is the
 * version that a new environment gets when none is named.
 */
export const condaProgram = ({
  micromamba,
  root,
  python,
}: Record<"micromamba" | "root" | "python", string>): string => `#!/bin/bash
# Answers to conda's name; micromamba does the work.
export MAMBA_ROOT_PREFIX=${quote(root)} MAMBA_EXE=${quote(micromamba)}
root=$MAMBA_ROOT_PREFIX

hook() {
  printf 'export MAMBA_ROOT_PREFIX=%q MAMBA_EXE=%q\\n' "$root" "$MAMBA_EXE"
  cat <<'HOOK'
${HOOK}
HOOK
}

# Its words without those that micromamba does not know.
words=()
target=
python=
while [ $# -gt 0 ]; do
  case $1 in
    -n|--name|-p|--prefix) target=given; words+=("$1" "$2"); shift ;;
    -n=*|--name=*|-p=*|--prefix=*) target=given; words+=("$1") ;;
    -k|--insecure) words+=(--ssl-verify false) ;;
    --solver|--experimental) shift ;;
    --solver=*|--experimental=*|--update-deps|--no-update-deps|-S|--satisfied-skip-solve) ;;
    --no-capture-output|--live-stream|--show-channel-urls) ;;
    --) words+=("$@"); break ;;
    python|python[=\\<\\>\\!\\ ]*|*::python|*::python[=\\<\\>\\!\\ ]*|-f|--file|--file=*|--clone) python=given; words+=("$1") ;;
    *) words+=("$1") ;;
  esac
  [ $# -gt 0 ] && shift
done
set -- "\${words[@]}"

case \${1:-} in
  shell.bash|shell.posix|shell.zsh) hook; exit ;;
  shell) hook; exit ;;
  init|activate|deactivate) exit 0 ;;
  -V|--version) echo "conda $("$MAMBA_EXE" --version)"; exit ;;
  upgrade) shift; set -- update "$@" ;;
  uninstall) shift; set -- remove "$@" ;;
esac
case \${1:-} in
  install|update|remove|list)
    [ -n "$target" ] || set -- "$@" -p "\${CONDA_PREFIX:-$root}" ;;
  create)
    [ -n "$python" ] || set -- "$@" python=${python} ;;
  info)
    case " $* " in *" --envs "*|*" -e "*) set -- env list ;; esac ;;
  config)
    case \${2:-} in
      --add|--prepend) shift 2; set -- config prepend "$@" ;;
      --append) shift 2; set -- config append "$@" ;;
      --set) shift 2; set -- config set "$@" ;;
      --show) shift 2; set -- config list "$@" ;;
    esac ;;
esac
exec "$MAMBA_EXE" "$@"
`;

/**
 * What \`eval "$(conda shell.bash hook)"\` defines. An environment is a folder on PATH, some variables and the scripts
 * that its packages left for this moment.
 */
const HOOK = `__pinokio_conda_scripts() {
  local script
  for script in "$1"/*.sh; do [ -r "$script" ] && . "$script"; done
}
__pinokio_conda_deactivate() {
  [ "\${CONDA_SHLVL:-0}" -gt 0 ] || return 0
  __pinokio_conda_scripts "$CONDA_PREFIX/etc/conda/deactivate.d"
  PATH=":$PATH:"; PATH=\${PATH/":$CONDA_PREFIX/bin:"/:}; PATH=\${PATH#:}; export PATH=\${PATH%:}
  unset CONDA_PREFIX CONDA_DEFAULT_ENV CONDA_PROMPT_MODIFIER
  export CONDA_SHLVL=0
  hash -r
}
__pinokio_conda_activate() {
  local root=$MAMBA_ROOT_PREFIX name=\${1:-base} prefix
  case $name in
    base) prefix=$root ;;
    */*|.) prefix=$(cd "$name" 2>/dev/null && pwd) || prefix= ;;
    *) prefix=$root/envs/$name; [ -d "$prefix" ] || [ ! -d "$name/conda-meta" ] || prefix=$PWD/$name ;;
  esac
  if [ -z "$prefix" ] || [ ! -d "$prefix" ]; then
    echo "conda: there is no environment $name" >&2
    return 1
  fi
  __pinokio_conda_deactivate
  export CONDA_PREFIX=$prefix CONDA_DEFAULT_ENV=$name CONDA_SHLVL=1 PATH="$prefix/bin:$PATH"
  __pinokio_conda_scripts "$prefix/etc/conda/activate.d"
  hash -r
}
conda() {
  case \${1:-} in
    activate) shift; __pinokio_conda_activate "$@" ;;
    deactivate) __pinokio_conda_deactivate ;;
    *) command conda "$@" ;;
  esac
}`;

const quote = (text: string): string => `'${text.replaceAll("'", `'"'"'`)}'`;
