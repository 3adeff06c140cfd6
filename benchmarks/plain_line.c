/* The plain line as a C programmer would write it: how fast can this loop be at all?
 *
 *     plain_line DRAWS
 *
 * DRAWS is a file of whole numbers: stages, parcels (int64 each); the staff of each stage (int64); when each parcel
 * arrives (int64, ms); and, stage after stage, how long each parcel's work takes (uint32, ms). At an instant all work
 * ends first and all parcels arrive, then teams begin work, queues are by (joined, parcel): the rule of the engines.
 * Keeps all visits in memory and prints: CPU seconds, visits, memory taken (bytes), and a sum over all starts and ends.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MOST_STAGES = 64 };

typedef struct { int64_t joined, started, ended; } Visit;
typedef struct { int64_t at; int32_t parcel, stage; } Event;
typedef struct { int64_t staff, busy, first, last, *behind; int stirred; } Team;

static int64_t stages, parcels, *arrived;
static uint32_t *work;
static Visit *visits; /* parcel by parcel, in the order of the line */
static Team teams[MOST_STAGES];
static Event *heap;
static int64_t in_heap, room;
static int stirred[MOST_STAGES], n_stirred;
static size_t taken;

static void *take(size_t count, size_t size) {
    void *found = malloc(count * size + 1);
    taken += count * size;
    if (!found) { perror("memory"); exit(1); }
    return found;
}

static void *take_from(FILE *file, size_t count, size_t size) {
    void *found = take(count, size);
    if (fread(found, size, count, file) != count) { fputs("the file of draws is too short\n", stderr); exit(1); }
    return found;
}

static void push(int64_t at, int32_t parcel, int32_t stage) {
    if (in_heap == room) {
        heap = realloc(heap, (room *= 2) * sizeof *heap);
        if (!heap) { perror("memory"); exit(1); }
    }
    int64_t place = in_heap++;
    while (place > 0 && heap[(place - 1) / 2].at > at) { heap[place] = heap[(place - 1) / 2]; place = (place - 1) / 2; }
    heap[place] = (Event){at, parcel, stage};
}

static Event pop(void) {
    Event top = heap[0], moved = heap[--in_heap];
    int64_t place = 0, below;
    while ((below = 2 * place + 1) < in_heap) {
        if (below + 1 < in_heap && heap[below + 1].at < heap[below].at) below++;
        if (heap[below].at >= moved.at) break;
        heap[place] = heap[below];
        place = below;
    }
    heap[place] = moved;
    return top;
}

static void look_at(int stage) {
    if (!teams[stage].stirred) { teams[stage].stirred = 1; stirred[n_stirred++] = stage; }
}

static void join(int64_t now, int64_t parcel, int stage) {
    Team *team = &teams[stage];
    Visit *visit = &visits[parcel * stages + stage];
    visit->joined = now;
    look_at(stage);
    int64_t before = -1, after = team->first;
    if (team->last >= 0 && (team->last < parcel || visits[team->last * stages + stage].joined < now)) {
        before = team->last; after = -1;
    } else { /* somebody with a larger number joined at the same instant: find the place from the front */
        while (after >= 0 && (visits[after * stages + stage].joined < now || after < parcel)) {
            before = after; after = team->behind[after];
        }
    }
    team->behind[parcel] = after;
    if (before < 0) team->first = parcel; else team->behind[before] = parcel;
    if (after < 0) team->last = parcel;
}

static void begin_work(int64_t now, int stage) {
    Team *team = &teams[stage];
    while (team->first >= 0 && team->busy < team->staff) {
        int64_t parcel = team->first;
        team->first = team->behind[parcel];
        if (team->first < 0) team->last = -1;
        team->busy++;
        visits[parcel * stages + stage].started = now;
        push(now + work[stage * parcels + parcel], (int32_t)parcel, stage);
    }
}

static void run(void) {
    int64_t next = 0;
    while (next < parcels || in_heap) {
        int64_t now = next < parcels ? arrived[next] : INT64_MAX;
        if (in_heap && heap[0].at < now) now = heap[0].at;
        while (in_heap && heap[0].at == now) {
            Event end = pop();
            visits[end.parcel * stages + end.stage].ended = now;
            teams[end.stage].busy--;
            look_at(end.stage);
            if (end.stage + 1 < stages) join(now, end.parcel, end.stage + 1);
        }
        while (next < parcels && arrived[next] == now) join(now, next++, 0);
        while (n_stirred) {
            int stage = stirred[--n_stirred];
            teams[stage].stirred = 0;
            begin_work(now, stage);
        }
    }
}

int main(int count, char **words) {
    FILE *file = count == 2 ? fopen(words[1], "rb") : NULL;
    if (!file) { fputs("usage: plain_line DRAWS\n", stderr); return 2; }
    int64_t *sizes = take_from(file, 2, sizeof *sizes);
    stages = sizes[0];
    parcels = sizes[1];
    if (stages > MOST_STAGES) { fputs("too many stages\n", stderr); return 2; }
    int64_t *staff = take_from(file, stages, sizeof *staff);
    arrived = take_from(file, parcels, sizeof *arrived);
    work = take_from(file, stages * parcels, sizeof *work);
    clock_t begin = clock();
    visits = take(stages * parcels, sizeof *visits);
    heap = take(room = 1024, sizeof *heap);
    for (int64_t s = 0; s < stages; s++) teams[s] = (Team){staff[s], 0, -1, -1, take(parcels, sizeof(int64_t)), 0};
    run();
    double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
    uint64_t sum = 0;
    for (int64_t row = 0; row < stages * parcels; row++) sum += (uint64_t)(visits[row].started + visits[row].ended);
    printf("%.6f %lld %lld %llu\n", seconds, (long long)(stages * parcels), (long long)taken,
           (unsigned long long)sum);
    return 0;
}
