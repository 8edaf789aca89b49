using SandQueue.Environments.Serving;

if (args is ["--list"])
{
    Console.WriteLine(string.Join('\n', BuiltInEnvironments.Names));
    return 0;
}

var options = ServerOptions.Parse(args);
if (options.Problem is { } problem)
{
    await Console.Error.WriteLineAsync(problem);
    return 2;
}

await using var app = EnvironmentServer.Build(options);
await app.RunAsync();
return 0;
