using SandQueue.Environments.Serving;

var options = ServerOptions.Parse(args);
if (options.Problem is { } problem)
{
    await Console.Error.WriteLineAsync(problem);
    return 2;
}

await using var app = EnvironmentServer.Build(options);
await app.RunAsync();
return 0;
