using SandQueue.Architecture.Tests.Reading;

namespace SandQueue.Architecture.Tests.Folders;

/// <summary>Compares uses with the rows of one project's table.</summary>
/// <param name="project">The project.</param>
/// <param name="table">Its rows, from ground to roof.</param>
internal sealed class FolderArrows(string project, Table table)
{
    /// <summary>Stands for every row above.</summary>
    public const string AllAbove = "all above";

    private readonly List<string> _rows = [.. table.Rows.Keys];

    /// <summary>The uses that no row allows.</summary>
    public IEnumerable<FolderUse> Refused(IEnumerable<FolderUse> uses) => uses.Where(use => !Allows(RowOf(use.From), RowOf(use.To)));

    /// <summary>Folders that stand in no row.</summary>
    public IEnumerable<string> WithoutRow(IEnumerable<string> folders) => folders.Where(folder => RowOf(folder) is null);

    /// <summary>Rows that no folder has.</summary>
    public IEnumerable<string> WithoutFolder(IReadOnlyCollection<string> folders) => _rows.Where(row => !folders.Any(folder => RowOf(folder) == row));

    /// <summary>What a row names that does not stand above it: it could close a circle.</summary>
    public IEnumerable<string> NotAbove() =>
        from row in _rows
        from used in table.Rows[row]
        where used != AllAbove && !_rows.TakeWhile(other => other != row).Contains(used)
        select $"{row} may use {used}";

    private bool Allows(string? from, string? to)
    {
        if (from is null || to is null) return false;
        return from == to || table.Rows[from].Contains(to) || (table.Rows[from].Contains(AllAbove) && _rows.IndexOf(to) < _rows.IndexOf(from));
    }

    // A row counts for its subfolders too, unless they have a row of their own; the row of a project's root for the root alone.
    private string? RowOf(string folder)
    {
        if (folder == project) return _rows.Find(row => row == project);
        var name = folder[(project.Length + 1)..].Replace('.', '/');
        return _rows.Where(row => row != project && (name == row || name.StartsWith($"{row}/", StringComparison.Ordinal))).MaxBy(row => row.Length);
    }
}
