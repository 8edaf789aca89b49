using System.Security.Cryptography;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Protocols.AppWorld;

/// <summary>The tasks of the data folder: one file a split, one id a line. The server itself lists none.</summary>
internal sealed class AppWorldTasks(string folder)
{
    private const string Ending = ".txt";

    /// <summary>The order people name them in; what else there is comes behind.</summary>
    private static readonly string[] Known = ["train", "dev", "test_normal", "test_challenge"];

    private HashSet<string> _all = [];

    /// <summary>Whether a list has the task; the lists are looked at again for one that was in none.</summary>
    public bool Has(string task)
    {
        if (_all.Contains(task)) return true;
        try
        {
            Read();
            return _all.Contains(task);
        }
        catch (ContainerException)
        {
            // Lists that were there and are gone say nothing about a task: the server does.
            return true;
        }
    }

    /// <exception cref="ContainerException">There are no such files; the message says where they are looked for.</exception>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Read()
    {
        if (folder.Length == 0) throw new ContainerException("AppWorld's task ids are read from its data: set Data to the data folder, or AppWorld:Datasets to its folder datasets as the worker sees it");
        try
        {
            var files = Directory.GetFiles(folder, $"*{Ending}").ToDictionary(file => Path.GetFileNameWithoutExtension(file), StringComparer.Ordinal);
            if (files.Count == 0) throw new ContainerException($"{folder} has no lists of AppWorld's tasks (train.txt, dev.txt, …)");
            var splits = Known.Where(files.ContainsKey).Concat(files.Keys.Except(Known).Order(StringComparer.Ordinal)).ToDictionary(split => split, split => Ids(files[split]), StringComparer.Ordinal);
            _all = [.. splits.Values.SelectMany(ids => ids)];
            return splits;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ContainerException($"the lists of AppWorld's tasks cannot be read from {folder} (Data, or AppWorld:Datasets): {exception.Message}", exception);
        }
    }

    /// <summary>SHA-256 of the lists, hex.</summary>
    public static string Hash(IReadOnlyDictionary<string, IReadOnlyList<string>> splits)
    {
        var text = string.Concat(splits.OrderBy(split => split.Key, StringComparer.Ordinal).Select(split => $"{split.Key}\n{string.Join('\n', split.Value)}\n\n"));
        return Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
    }

    private static IReadOnlyList<string> Ids(string file) => [.. File.ReadLines(file).Select(line => line.Trim()).Where(line => line.Length > 0)];
}
