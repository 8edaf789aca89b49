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

EnvironmentServer app;
try
{
    app = EnvironmentServer.Build(options);
}
catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
{
    // The data of an environment cannot be served, or an assembly has none: one line, which the worker passes on.
    await Console.Error.WriteLineAsync(OneLine.Of(exception.Message));
    return 2;
}

await using (app) await app.RunAsync();
return 0;
