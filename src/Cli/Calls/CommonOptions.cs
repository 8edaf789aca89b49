using System.CommandLine;
using SandQueue.Cli.Gateways;

namespace SandQueue.Cli.Calls;

/// <summary>What every command takes.</summary>
internal static class CommonOptions
{
    public static readonly Option<string?> Url = new("--url") { Description = $"Address of the gateway (or {GatewayAddress.UrlVariable}; {GatewayAddress.Default} without)", HelpName = "URL", Recursive = true };

    public static readonly Option<string?> Key = new("--key") { Description = $"API key (or {GatewayAddress.KeyVariable}); others on this machine may see it, so rather use --key-file", HelpName = "KEY", Recursive = true };

    public static readonly Option<string?> KeyFile = new("--key-file") { Description = $"File whose first line is the API key (or {GatewayAddress.KeyFileVariable})", HelpName = "FILE", Recursive = true };

    public static readonly Option<bool> Json = new("--json") { Description = "Write JSON for programs, an object a line", Recursive = true };
}
