namespace SandQueue.Testing;

/// <summary>Removes the folders of tests.</summary>
public static class FolderRemoval
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Removes it with all that is in it. A database's last connection may write its files once more while it closes, so a folder
    /// that is not empty any more is removed again.
    /// </summary>
    /// <exception cref="TimeoutException">Somebody goes on writing to it.</exception>
    public static Task RemoveAsync(this DirectoryInfo folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var why = "";
        return Until.TrueAsync($"{folder.FullName} is removed", () =>
        {
            try
            {
                folder.Delete(recursive: true);
                return true;
            }
            catch (IOException exception)
            {
                why = exception.Message;
                return !Directory.Exists(folder.FullName);
            }
        }, Limit, () => why);
    }
}
