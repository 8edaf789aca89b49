using SandQueue.Environments.WebShop;
using SandQueue.Environments.WebShop.Goals;
using SandQueue.Environments.WebShop.Loading;
using SandQueue.Environments.WebShop.Products;

namespace SandQueue.Environments.Tests.WebShop.Loading;

public sealed class CatalogueLoaderTests
{
    [Fact]
    public void A_product_is_read_as_the_public_files_have_it()
    {
        using var folder = new DataFolder().With("items_shuffle.json", $"[{DataFolder.Product("A1")}]").With("items_ins_v2.json", DataFolder.Annotations);
        var catalogue = Load(folder);
        var product = catalogue.Shop.Products.Read(0);
        (product.Title, product.Description, product.PriceTag, product.Query).ShouldBe(("Felt Slippers", "Quiet.", "$10.0 to $20.0", "slippers"));
        product.Features.ShouldBe(["Soft", "Warm"]);
        product.Options.Select(option => $"{option.Name}={string.Join('+', option.Values)}").ShouldBe(["size=s | m+l", "color=red"]);
        product.Attributes.ShouldBe(["soft sole"]);
        catalogue.Goals.Count.ShouldBe(2);
        catalogue.Problems.ShouldBeEmpty();
        Enumerable.Range(0, 2).Select(index => catalogue.Goals.Read(index, PriceDraws.DefaultSeed).Instruction[..^6]).Order().ShouldBe(
        [
            "Find me soft slippers with color: red, and size: l, and price lower than 40.00 d",
            "Find me soft slippers with color: red, and size: s | m, and price lower than 40.00 d",
        ]);
    }

    [Fact]
    public void A_decoded_index_gives_the_same_catalogue()
    {
        using var items = new DataFolder().With("items_shuffle.json", $"[{DataFolder.Product("A1")},\n{DataFolder.Product("A2")}]").With("items_ins_v2.json", DataFolder.Annotations);
        using var documents = new DataFolder().With("documents.jsonl", $"{Document("A1")}\n{Document("A2")}\n").With("items_ins_v2.json", DataFolder.Annotations);
        var (first, second) = (Load(items), Load(documents));
        first.Goals.Read(0, 1).ShouldBeEquivalentTo(second.Goals.Read(0, 1));
        first.Shop.Find(["warm", "soft", "red"]).ShouldBe(second.Shop.Find(["warm", "soft", "red"]));
        first.Shop.Products.Read(1).ShouldBeEquivalentTo(second.Shop.Products.Read(1));
    }

    [Fact]
    public void What_is_broken_is_named_with_file_and_line_and_the_rest_is_served()
    {
        using var folder = new DataFolder()
            .With("documents.jsonl", $"{Document("A1")}\n{{\"id\": oops}}\n\n{{\"product\": {{\"asin\": \"A3\"}}}}\n{{\"product\": {DataFolder.Product("A4", pricing: "free")}}}\n7\n{Document("A2")}")
            .With("items_ins.json", DataFolder.Annotations);
        var catalogue = Load(folder);
        catalogue.Shop.Products.Count.ShouldBe(2);
        catalogue.Problems.ShouldBe(
        [
            "documents.jsonl line 2: this is not valid JSON",
            "documents.jsonl line 4: a product needs the text \"name\"",
            "documents.jsonl line 5: pricing \"free\" has no $",
            "documents.jsonl line 6: a product is an object, this is 7",
        ]);
    }

    [Fact]
    public void A_file_that_ends_too_early_gives_what_it_has()
    {
        using var folder = new DataFolder().With("items.json", $"[{DataFolder.Product("A1")},\n{{\"asin\": \"A2").With("items_ins.json", DataFolder.Annotations);
        Load(folder).Problems.ShouldBe(["items.json line 2: the file ends inside the value that begins here"]);
    }

    [Fact]
    public void An_instruction_without_attributes_is_a_problem()
    {
        using var folder = new DataFolder()
            .With("items.json", $"[{DataFolder.Product("A1")},\n{DataFolder.Product("A2")}]")
            .With("items_ins.json", DataFolder.Annotations.Replace("[\"hard sole\"]", "[], \"instruction\": \"Find\"", StringComparison.Ordinal));
        Load(folder).Problems.ShouldBe(["items.json line 2: product A2 has an instruction but no instruction_attributes"]);
    }

    [Fact]
    public void What_the_original_passes_over_is_passed_over()
    {
        using var folder = new DataFolder()
            .With("items.json", $"[{DataFolder.Product("nan")},{DataFolder.Product("A1")},{DataFolder.Product("A1", "Again")},{DataFolder.Product("LONGER_THAN_TEN")}]")
            .With("items_ins.json", DataFolder.Annotations);
        var catalogue = Load(folder);
        (catalogue.Shop.Products.Count, catalogue.Shop.Products.Read(0).Title, catalogue.Problems.Count).ShouldBe((1, "Felt Slippers", 0));
    }

    [Fact]
    public void Human_instructions_are_goals_of_their_own()
    {
        using var folder = new DataFolder()
            .With("items.json", $"[{DataFolder.Product("A1")}]").With("items_ins.json", DataFolder.Annotations)
            .With("items_human_ins.json", """{"A1": [{"instruction": "soft ones, red.", "instruction_attributes": ["soft sole"], "instruction_options": ["red"]}, {"instruction": "x", "instruction_attributes": []}], "A9": 7}""");
        var environment = WebShopEnvironment.Load(folder.Path);
        environment.ListTasks("human-all").ShouldBe(["human-0"]);
        environment.Description.Problems.ShouldBe(["items_human_ins.json line 1: a product's instructions are a list"]);
        using var instance = environment.Create("human-0", Environments.Abstractions.Episodes.EpisodeParameters.None);
        instance.Opening.User.ShouldStartWith("WebShop [SEP] Instruction: [SEP] soft ones, red, and price lower than");
    }

    [Fact]
    public void A_noun_table_is_used_and_named()
    {
        using var folder = new DataFolder()
            .With("items.json", $"[{DataFolder.Product("A1")}]").With("items_ins.json", DataFolder.Annotations)
            .With("nouns.jsonl", """{"name": "Felt Slippers", "nouns": ["Slippers"]}""" + "\n[]\n");
        var catalogue = Load(folder);
        var nouns = catalogue.Shop.Scorer.Nouns;
        (nouns.Label, string.Join(' ', nouns.Nouns("Felt Slippers")), string.Join(' ', nouns.Nouns("Other Things"))).ShouldBe(("noun table", "slippers", "other things"));
        catalogue.Problems.ShouldBe(["nouns.jsonl line 2: a line of the noun table is {\"name\": \"…\", \"nouns\": [\"…\"]}"]);
    }

    [Theory]
    [InlineData("items_ins.json", "lacks the file with products, items_*.json or documents*.jsonl")]
    [InlineData("items.json", "lacks the file with attributes and instructions, items_ins*.json")]
    [InlineData("items_1.json items_2.json items_ins.json", "has items_1.json and items_2.json; leave one of them")]
    public void A_folder_that_is_not_complete_is_refused(string files, string message)
    {
        using var folder = new DataFolder();
        foreach (var file in files.Split(' ')) folder.With(file, "[]");
        Should.Throw<InvalidDataException>(() => Load(folder)).Message.ShouldStartWith($"WebShop data: {folder.Path} {message}");
    }

    [Fact]
    public void A_folder_that_gives_nothing_is_refused_with_its_first_problem()
    {
        using var folder = new DataFolder().With("items.json", "{").With("items_ins.json", "{}");
        Should.Throw<InvalidDataException>(() => Load(folder)).Message
            .ShouldBe("WebShop data: items.json gave no products; items.json line 1: the file ends before its last bracket");
    }

    [Fact]
    public void The_hash_is_of_every_byte_of_every_file()
    {
        using var folder = new DataFolder().With("items.json", $"[{DataFolder.Product("A1")}]").With("items_ins.json", DataFolder.Annotations);
        var before = Load(folder).Hash;
        Load(folder).Hash.ShouldBe(before);
        Load(folder.With("items.json", $"[{DataFolder.Product("A1")}]\n")).Hash.ShouldNotBe(before);
    }

    private static string Document(string asin) => $"{{\"id\": \"{asin}\", \"product\": {DataFolder.Product(asin)}}}";

    private static Catalogue Load(DataFolder folder) => CatalogueLoader.Load(CatalogueFiles.Find(folder.Path));
}
