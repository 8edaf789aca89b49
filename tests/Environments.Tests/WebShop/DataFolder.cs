namespace SandQueue.Environments.Tests.WebShop;

/// <summary>A data folder of a test's own.</summary>
internal sealed class DataFolder : IDisposable
{
    public const string Annotations = """
        {"A1": {"attributes": ["soft sole"], "instruction": "Find me soft slippers", "instruction_attributes": ["soft sole"]},
         "A2": {"attributes": ["hard sole"]}}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("webshop-");

    public string Path => _folder.FullName;

    public static string Product(string asin, string name = "Felt Slippers", string pricing = "$10.00$20.00") => $$"""
        {"asin": "{{asin}}", "name": "{{name}}", "full_description": "Quiet.", "pricing": "{{pricing}}", "small_description": ["Soft", "Warm"],
         "customization_options": {"Size": [{"value": " S/M "}, {"value": "L"}], "Color": [{"value": "Red"}], "None": null},
         "category": "fashion", "query": " Slippers ", "product_category": "Shoes › Slippers"}
        """.ReplaceLineEndings("");

    public DataFolder With(string file, string text)
    {
        File.WriteAllText(System.IO.Path.Combine(Path, file), text);
        return this;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
