using SandQueue.Bench;
using SandQueue.Bench.Batches;
using SandQueue.Bench.Compare;
using SandQueue.Bench.Compare.Programs;
using SandQueue.Bench.Doors;
using SandQueue.Bench.Farm;
using SandQueue.Bench.FaultRuns;
using SandQueue.Bench.Journal;
using SandQueue.Bench.Load;
using SandQueue.Bench.Scale;
using SandQueue.Bench.Scaler;
using SandQueue.Bench.Start;
using SandQueue.Bench.Telemetry;
using SandQueue.Bench.WebShop;

const string Usage = """
    Measurements of a running SandQueue. Each prints one line of JSON.

      load --url URL[,URL] [--episodes 200] [--steps 20] [--clients 200] [--key KEY]
          FrozenLake episodes, each made, stepped, evaluated and released by a client of its own.
      farm [--gateways 2] [--workers 5] [--episodes 500] [--steps 20]
          The same on a farm of its own: RabbitMQ, PostgreSQL, gateways and workers as processes. All episodes live at once.
      doors [--clients 64] [--seconds 10] [--rounds 2] [--only NAME,NAME]
          The same steps through every door of a farm of its own, with one gateway and one worker, door after door: steps a second with so many in
          flight. Vector steps are calls of so many instances, four at a time. Build with -c Release.
      compare [--quick] [--seconds 5] [--repeats 3] [--warm-up 30] [--rate 0] [--only NAME,NAME]
          A step's whole way beside its parts, in one run: a bare HTTP call, bare request and reply over RabbitMQ, the journal, the environment
          server, embedded, a farm of one gateway and one worker, at 1, 16, 64 and 256 clients, in closed and open loops (arrivals a second; half the
          peak if 0); then vector steps, episodes and creates. Tables of medians, and processor time by process. docs/performance.md explains
          them. Linux only. Takes 20 minutes; --quick two. Build with -c Release.
      start [--quick] [--only embedded,farm] [--seconds 10] [--warm-up 30] [--repeats 3] [--published FOLDER] [--variables NAME=VALUE,NAME=VALUE]
          What fresh processes cost: seconds until they are up, the first Create, and a lone client's steps in the first seconds, beside the same when
          they are warm. --published: a folder with Gateway and Workers in it, as dotnet publish writes them, in place of what is built here;
          --variables: of .NET, for these processes. Linux only. Build with -c Release.
      scale [--quick] [--only NAME,NAME] [--seconds 10] [--warm-up 30] [--rounds 4] [--live 10000] [--burst 4096] [--rows 10000000] [--stored 100000] [--idle 1000]
          Much at once, each figure with its goal. live: many live instances of BFCL, multi-turn; open: steps of many at half the peak, in an open loop;
          burst: many Creates at once on a fresh farm, then steps; journal: a row of a step in a full journal beside an empty one (SQLite: a tenth
          of the rows); sweep: few idle instances among many; workers: 1, 2, 4 and 8 of them. Exit code 1 where a goal is missed. docs/performance.md
          explains them. Linux only. Takes 30 minutes and 5 GB. Build with -c Release.
      scaler [--per-hour 4000] [--episode 180] [--slots 16] [--start 30] [--burst 200] [--burst-hours 3,15] [--seed 1]
          A day of a farm, simulated: episodes that begin by day and in bursts, and what the scaler of deploy/kubernetes/autoscaling makes of the values of
          /scaling. Workers, waits and rebuilt instances every two hours, and the fixed farm that would have let nobody wait longer.
      journal [--postgres CONNECTION] [--seconds 5]
          The journal alone, on SQLite or in an empty PostgreSQL database: rows a second, the median wait, processor time a row, at 1, 8, 64 and
          256 steps at once; and the wait of a new instance's claim beside 64. Build with -c Release.
      telemetry [--starts 3] [--rounds 12] [--seconds 2] [--clients 16] [--warm-up 20]
          What telemetry costs a step: an embedded program without it beside one that shows metrics and exports everything, and one that shows metrics and
          exports the rest; in turn, as many rounds as asked for, and started anew as often. Ratios of steps a second and of the gateway's processor time a
          step, with their spread. Linux only. Build with -c Release.
      faults [--minutes 20] [--steps N] [--seed 1] [--instances 200] [--clients 64] [--runtime docker|process] [--logs FOLDER]
          A farm of its own (RabbitMQ, PostgreSQL, two gateways, three workers) whose parts are killed, stopped, drained, cut off, refused and
          restarted under load, with more callers than slots, hang-ups and large answers; then the journal is compared with what clients were
          answered and with models of the environments. What happens goes to the error output. Exit code 1 where a promise was broken.
      recovery [--instances 100] [--steps 20] [--lease 15] [--runtime docker|process]
          Kills a worker that holds all instances: seconds until the first, the median and the last answer again.
      crowd [--callers 2000] [--slots 100] [--workers 2] [--seconds 60]
          A full farm: Creates without name or key for fewer slots, of which half are given up by callers who hang up. What came of them, the slots
          that nobody holds afterwards, and what each worker asks the database in a second, full and idle.
      outage [--clients 32] [--hang 60] [--alone 60] [--only NAME,NAME]
          Outages under load, a line each: database-restart, database-hang, broker-restart: seconds from the end until the first and the last
          command that waited is answered. One worker alone, for --alone seconds: worker-database-refuses, worker-database-frozen, worker-broker-cut,
          worker-broker-frozen, worker-registration-unacknowledged: seconds from the begin until no command waits for it, and what it logs.
      batches [--only faults,model,cost,replay] [--tasks 2000] [--concurrency 32] [--data FOLDER]
          Batches on farms of their own, a line each. faults: so many BFCL tasks with their solutions on three workers while workers, broker and
          database are killed or restarted six times, beside the same without faults; the books, the rewards and the journal are compared. model: 200
          tasks four times against an endpoint that errs, hangs and breaks off, beside what the endpoint knows. cost: a recorded batch beside the same
          episodes over HTTP. replay: 1,000 episodes played again, 500 scored again, and the drift of a changed environment. --data names a folder with
          the files of BFCL; without it the sample that is built in is played. Exit code 1 where a promise was broken. Build with -c Release.
      webshop [--products 1000,10000,100000] [--seconds 10] [--server PROGRAM]
          WebShop on generated catalogues of these sizes: seconds and memory to load, then the steps per second of one client. The server
          runs on one core where taskset is there. A size that takes more than three minutes is stopped. Build with -c Release.
    """;

switch (args)
{
    case ["load", .. var options]:
        return await LoadRun.RunAsync(LoadOptions.Parse(options));
    case ["farm", .. var options]:
        return await FarmRun.RunAsync(FarmOptions.Parse(options));
    case ["doors", .. var options]:
        return await DoorsRun.RunAsync(DoorsOptions.Parse(options));
    case ["compare", .. var options]:
        return await LinuxCommand.RunAsync("compare", options, CompareOptions.Parse, (parsed, ending) => new CompareRun(parsed).RunAsync(ending));
    case ["start", .. var options]:
        return await LinuxCommand.RunAsync("start", options, StartOptions.Parse, (parsed, ending) => new StartRun(parsed).RunAsync(ending));
    case ["scale", .. var options]:
        return await LinuxCommand.RunAsync("scale", options, ScaleOptions.Parse, (parsed, ending) => new ScaleRun(parsed).RunAsync(ending));
    case ["scaler", .. var options]:
        return new ScalerRun(ScalerOptions.Parse(options)).Run();
    case [Responder.Name, .. var options]:
        return await Responder.RunAsync(options);
    case ["journal", .. var options]:
        return await JournalRun.RunAsync(JournalOptions.Parse(options));
    case ["telemetry", .. var options]:
        return await TelemetryRun.RunAsync(TelemetryOptions.Parse(options));
    case ["faults", .. var options]:
        return await FaultRunCommand.RunAsync(options);
    case ["recovery", .. var options]:
        return await FaultRunCommand.RecoverAsync(options);
    case ["crowd", .. var options]:
        return await FaultRunCommand.CrowdAsync(options);
    case ["outage", .. var options]:
        return await FaultRunCommand.OutagesAsync(options);
    case ["batches", .. var options]:
        return await BatchesRun.RunAsync(options);
    case ["webshop", .. var options]:
        return await WebShopRun.RunAsync(WebShopOptions.Parse(options));
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
