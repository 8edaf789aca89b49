namespace SandQueue.Testing;

/// <summary>The account a server's programs run under: root drops to the server's own, everybody else stays who they are.</summary>
internal sealed class ServerAccount
{
    private const string DropPrivileges = "/usr/bin/setpriv";

    private readonly string? _user;

    private ServerAccount(string? user) => _user = user;

    /// <returns>Null where this process is root and cannot drop to <paramref name="user"/>.</returns>
    public static ServerAccount? Find(string user)
    {
        if (!Environment.IsPrivilegedProcess) return new ServerAccount(null);
        return File.Exists(DropPrivileges) && File.ReadLines("/etc/passwd").Any(line => line.StartsWith($"{user}:", StringComparison.Ordinal))
            ? new ServerAccount(user)
            : null;
    }

    /// <summary>The words of a command line that runs a program under this account.</summary>
    public IEnumerable<string> Wrap(params IEnumerable<string> command) =>
        _user is null ? command : [DropPrivileges, $"--reuid={_user}", $"--regid={_user}", "--clear-groups", "--", .. command];

    /// <summary>A private temporary folder of this account's.</summary>
    public async Task<DirectoryInfo> NewFolderAsync(string prefix)
    {
        var folder = Directory.CreateTempSubdirectory(prefix);
        if (_user is not null) await ServerProcess.RunAsync(["chown", $"{_user}:{_user}", folder.FullName], []);
        return folder;
    }
}
