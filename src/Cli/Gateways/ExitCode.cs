namespace SandQueue.Cli.Gateways;

/// <summary>What the program's exit code says. Scripts rely on these: never change one.</summary>
internal static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Fine = 0;

    /// <summary>What was asked about failed: rollouts without a valid reward, tasks that are not valid, an episode that differs.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong, or a file that it names.</summary>
    public const int Usage = 2;

    /// <summary>The gateway cannot be reached, or does not answer.</summary>
    public const int Unreachable = 3;

    /// <summary>The gateway refused: no key, unknown names, a conflict, a limit.</summary>
    public const int Refused = 4;

    /// <summary>The gateway failed, or answered what is no answer.</summary>
    public const int GatewayFailed = 5;

    /// <summary>The batch is paused and needs somebody.</summary>
    public const int Paused = 6;

    /// <summary>Ctrl-C.</summary>
    public const int Interrupted = 130;
}
