using System.CommandLine;
using SandQueue.Cli.Gateways;
using SandQueue.Cli.Screens;

namespace SandQueue.Cli.Calls;

/// <summary>One command as it was asked for.</summary>
internal sealed class Call : IDisposable
{
    private readonly ParseResult _parsed;
    private readonly Surroundings _around;

    public Call(ParseResult parsed, Surroundings around)
    {
        (_parsed, _around) = (parsed, around);
        var gateway = GatewayAddress.Of(parsed.GetValue(CommonOptions.Url), parsed.GetValue(CommonOptions.Key), parsed.GetValue(CommonOptions.KeyFile), around.Variable);
        Api = new RestApi(gateway);
    }

    public RestApi Api { get; }

    public Screen Screen => _around.Screen;

    public Surroundings Around => _around;

    public TimeProvider Time => _around.Time;

    public bool IsJson => _parsed.GetValue(CommonOptions.Json);

    public T? Get<T>(Option<T> option) => _parsed.GetValue(option);

    public T Get<T>(Argument<T> argument) => _parsed.GetValue(argument)!;

    public void Dispose() => Api.Dispose();
}
