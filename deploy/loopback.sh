#!/bin/sh
# A Dask scheduler and two workers on this machine alone, a folder of photographs measured by
# them, and what came of it: the smallest cluster there is, to see that yours will work.
#
#   deploy/loopback.sh FOLDER --out RESULTS [more options of `beltline cohort measure`]
set -eu

if [ $# -lt 3 ]; then
    echo "usage: $0 FOLDER --out RESULTS [options of beltline cohort measure]" >&2
    exit 2
fi
scratch=$(mktemp -d)
scheduler='' workers=''

end() {
    # Workers first: they end well while the scheduler is there to be told.
    for process in $workers $scheduler; do
        kill "$process" 2>/dev/null || true
        wait "$process" 2>/dev/null || true
    done
    rm -rf "$scratch"
}
trap end EXIT
trap 'exit 130' INT TERM

# Else Dask keeps what every process did in each of the last thousand seconds, and the last
# thousand messages to each worker, each with the names of its photographs.
export DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED=False
export DASK_DISTRIBUTED__ADMIN__LOW_LEVEL_LOG_LENGTH=10
# Chunks wait with the scheduler, not in a worker, so that one that ends takes only one with it.
DASK_DISTRIBUTED__SCHEDULER__WORKER_SATURATION=1.0 \
    dask scheduler --host 127.0.0.1 --port 0 --dashboard-address 127.0.0.1:0 \
    --scheduler-file "$scratch/scheduler.json" 2>"$scratch/scheduler.log" &
scheduler=$!

# One thread a worker: the pose model is one for each process, and threads wait for one another.
# A worker has nothing that it could write to a disk, so it would pause for ever. And it keeps the
# memory that the next picture needs, which Dask would have it give back after each.
OMP_NUM_THREADS=1 DASK_DISTRIBUTED__WORKER__MEMORY__PAUSE=False \
    MALLOC_TRIM_THRESHOLD_=67108864 MALLOC_MMAP_THRESHOLD_=33554432 \
    dask worker --scheduler-file "$scratch/scheduler.json" \
    --host 127.0.0.1 --nworkers 2 --nthreads 1 --memory-limit 2GiB --death-timeout 60 \
    --no-dashboard --local-directory "$scratch" 2>"$scratch/workers.log" &
workers=$!

waited=0
until [ -s "$scratch/scheduler.json" ]; do
    sleep 0.2
    waited=$((waited + 1))
    if [ "$waited" -gt 300 ] || ! kill -0 "$scheduler" 2>/dev/null; then
        cat "$scratch/scheduler.log" >&2
        exit 1
    fi
done
address=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["address"])' \
    "$scratch/scheduler.json")
echo "The scheduler listens at $address." >&2

status=0
# From a clone that is not installed: BELTLINE='python -m app'.
${BELTLINE:-beltline} cohort measure --scheduler "$address" "$@" || status=$?
exit "$status"
