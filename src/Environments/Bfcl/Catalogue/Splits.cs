namespace SandQueue.Environments.Bfcl.Catalogue;

/// <summary>
/// The lists of task ids by name. Trainers know the halves of a category, in file order, as <c>train</c> and
/// <c>val</c>; every wider list is made of the same halves, so that no task changes sides with the name it is asked by.
/// </summary>
internal sealed class Splits
{
    private readonly OrderedDictionary<string, IReadOnlyList<string>> _lists = new(StringComparer.Ordinal);

    public Splits(IReadOnlyList<(BfclCategory Category, List<string> Ids)> categories)
    {
        Add("train", categories, FirstHalf);
        Add("val", categories, SecondHalf);
        Add("test", categories, SecondHalf);
        Add("all", categories, ids => ids);

        var names = categories.SelectMany(entry => entry.Category.Groups).Distinct()
            .Concat(categories.Select(entry => entry.Category.Name));
        foreach (var name in names)
        {
            var members = categories.Where(entry => entry.Category.Name == name || entry.Category.Groups.Contains(name)).ToList();
            Add(name, members, ids => ids);
            Add($"{name}_train", members, FirstHalf);
            Add($"{name}_val", members, SecondHalf);
        }
    }

    public IReadOnlyList<string> Names => _lists.Keys;

    public IReadOnlyList<string>? Find(string name) => _lists.GetValueOrDefault(name);

    private void Add(string name, IEnumerable<(BfclCategory Category, List<string> Ids)> categories, Func<List<string>, IEnumerable<string>> part) =>
        _lists.Add(name, [.. categories.SelectMany(entry => part(entry.Ids))]);

    private static IEnumerable<string> FirstHalf(List<string> ids) => ids.Take(ids.Count / 2);

    private static IEnumerable<string> SecondHalf(List<string> ids) => ids.Skip(ids.Count / 2);
}
