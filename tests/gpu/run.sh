#!/usr/bin/env bash
# On a machine with an NVIDIA GPU: the published program against the torch libraries of that machine's Python. Runs `doctor`
# and one scenario with device = cuda, and says with which versions.
#
#   tests/gpu/run.sh publish FOLDER   where the .NET SDK and the packages are: a self-contained program, without libtorch
#   tests/gpu/run.sh FOLDER           where the GPU is: needs no .NET, only Python with a CUDA build of PyTorch, and this
#                                     repository beside FOLDER for its scenarios. DEVICE=cpu tries all but the GPU.
#
# No GPU was at hand when this was written: on the CPU (DEVICE=cpu, LIBTORCH set) it ran, with device = cuda it has not yet.
set -euo pipefail

root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd)
device=${DEVICE:-cuda}

if [[ ${1:-} == publish && -n ${2:-} ]]; then
  # Any LIBTORCH leaves the packages' libtorch out; TorchSharp's own library comes along.
  build=$(mktemp -d) # apart from the folders that ./arena builds into
  dotnet publish "$root/src/AgentArena.Cli" -c Release --self-contained -p:LIBTORCH=elsewhere --artifacts-path "$build" -o "$2"
  rm -rf "$build"
  exit
fi
program=${1:?"usage: tests/gpu/run.sh publish FOLDER, then tests/gpu/run.sh FOLDER"}
[[ -x $program/arena ]] || { echo "$program: no program in it. Make it with: tests/gpu/run.sh publish $program" >&2; exit 2; }

if [[ -z ${LIBTORCH:-} ]]; then
  LIBTORCH=$(python3 -c 'import os, torch; print(os.path.join(os.path.dirname(torch.__file__), "lib"))')
  python3 -c 'import sys, torch; print(f"Python {sys.version.split()[0]}, PyTorch {torch.__version__}, CUDA {torch.version.cuda}, GPUs {torch.cuda.device_count()}")'
fi
export ARENA_HOME="$root" LIBTORCH LD_LIBRARY_PATH="$LIBTORCH${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" OMP_WAIT_POLICY=passive

"$program/arena" doctor --device "$device"
run=$(mktemp -d)/run
"$program/arena" run "$root/scenarios/zero-sum/kuhn-poker.conf" --updates "${UPDATES:-200}" --out "$run" --set scenario.models.tiny.device="$device"
"$program/arena" replay "$run" --check
echo "passed on $device: doctor, a run, its replay. What it left: $run"
