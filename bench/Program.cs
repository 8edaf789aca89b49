using SandQueue.Bench.Load;

const string Usage = """
    Measurements of a running SandQueue. Each prints one line of JSON.

      load --url URL[,URL] [--episodes 200] [--steps 20] [--clients 200] [--key KEY]
          FrozenLake episodes, each made, stepped, evaluated and released by a client of its own.
    """;

switch (args)
{
    case ["load", .. var options]:
        return await LoadRun.RunAsync(LoadOptions.Parse(options));
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
