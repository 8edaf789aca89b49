namespace SandQueue.Environments.WebShop.Products;

/// <summary>All products of a catalogue, packed. Filled once, then read by every instance at once.</summary>
internal sealed class ProductStore
{
    private readonly ByteArena _records = new();
    private readonly List<ByteArena.Slot> _slots = [];
    private readonly List<ProductKind> _kinds = [];
    private readonly List<PriceRange> _prices = [];
    private readonly Interner _names = new();
    private readonly RecordWriter _writer = new();

    public int Count => _slots.Count;

    public void Add(Product product)
    {
        _writer.Clear();
        _writer.Text(product.Asin);
        _writer.Text(product.Title);
        _writer.Text(product.PriceTag);
        _writer.Text(product.Description);
        _writer.Texts(product.Features);
        _writer.Number(product.Options.Count);
        foreach (var option in product.Options)
        {
            _writer.Text(option.Name);
            _writer.Texts(option.Values);
        }

        _writer.Texts(product.Attributes);
        _writer.Number(product.Instruction is null ? 0 : 1);
        if (product.Instruction is not null) _writer.Text(product.Instruction);
        _writer.Texts(product.InstructionAttributes);

        _slots.Add(_records.Add(_writer.Written));
        _kinds.Add(new ProductKind(_names.Add(product.Category), _names.Add(product.Query), _names.Add(product.ProductCategory)));
        _prices.Add(PriceRange.Of(product.Pricing));
    }

    public Product Read(int product)
    {
        var record = Reader(product);
        var kind = _kinds[product];
        return new Product
        {
            Asin = record.Text(),
            Title = record.Text(),
            PriceTag = record.Text(),
            Description = record.Text(),
            Features = record.Texts(),
            Options = ReadOptions(ref record),
            Attributes = record.Texts(),
            Instruction = record.Number() == 0 ? null : record.Text(),
            InstructionAttributes = record.Texts(),
            Pricing = _prices[product].Ends,
            Category = _names.Text(kind.Category),
            Query = _names.Text(kind.Query),
            ProductCategory = _names.Text(kind.ProductCategory),
        };
    }

    /// <summary>What a line of search results shows, without unpacking the rest.</summary>
    public (string Asin, string Title, string PriceTag) ReadHeadline(int product)
    {
        var record = Reader(product);
        return (record.Text(), record.Text(), record.Text());
    }

    public ReadOnlySpan<byte> ReadAsin(int product) => Reader(product).Bytes();

    public PriceRange Price(int product) => _prices[product];

    /// <summary>The products of a category, in the order of the data.</summary>
    public int[] InCategory(string category) => Where(_names.Find(category), kind => kind.Category);

    /// <summary>The products that were found with a query, in the order of the data.</summary>
    public int[] WithQuery(string query) => Where(_names.Find(query), kind => kind.Query);

    private int[] Where(int name, Func<ProductKind, int> member)
    {
        if (name < 0) return [];
        return [.. Enumerable.Range(0, Count).Where(product => member(_kinds[product]) == name)];
    }

    private RecordReader Reader(int product) => new(_records.Read(_slots[product]).Span);

    private static ProductOption[] ReadOptions(ref RecordReader record)
    {
        var options = new ProductOption[record.Number()];
        for (var i = 0; i < options.Length; i++) options[i] = new ProductOption(record.Text(), record.Texts());
        return options;
    }

    private readonly record struct ProductKind(int Category, int Query, int ProductCategory);
}
