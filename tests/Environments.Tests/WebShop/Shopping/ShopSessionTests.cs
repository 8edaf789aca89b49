using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Tests.WebShop.Shopping;

/// <summary>The odd corners of the original that recorded episodes rarely reach.</summary>
public sealed class ShopSessionTests
{
    [Fact]
    public void Results_come_in_pages_of_ten()
    {
        var shop = new Player();
        shop.Do("search[color size]").ShouldContain("Page 1 (Total results: 25) [SEP] Next > [SEP] SQ");
        shop.Do("click[next >]").ShouldContain("Page 2 (Total results: 25) [SEP] < Prev [SEP] Next > [SEP] SQ");
        Products(shop.Do("click[next >]")).Length.ShouldBe(5);
        shop.Do("click[next >]").ShouldEndWith("Page 4 (Total results: 25) [SEP] < Prev [SEP] Next >");
        Products(shop.Do("click[< prev]")).Length.ShouldBe(5);
    }

    [Fact]
    public void Going_back_keeps_the_page_of_results_and_forgets_options()
    {
        var shop = new Player();
        shop.Do("search[color size]");
        var results = shop.Do("click[next >]");
        shop.Do($"click[{Products(results)[0]}]");
        shop.Do("click[< prev]").ShouldBe(results);
        shop.Do("click[back to search]").ShouldStartWith("WebShop [SEP] Instruction: [SEP] ");
    }

    [Fact]
    public void The_latest_value_of_an_option_counts_and_stands_in_the_address()
    {
        var shop = new Player();
        shop.Do("search[rain jacket]");
        shop.Do("click[sq00000010]");
        shop.Do("click[YELLOW]");
        shop.Do("click[large]");
        shop.Do("click[navy]");
        shop.Url.ShouldEndWith("/SQ00000010/rain+jacket/1/{\"color\": \"navy\", \"size\": \"large\"}");
        shop.Do("click[description]");
        shop.Url.ShouldEndWith("/SQ00000010/rain+jacket/1/Description/{'color': 'navy', 'size': 'large'}");
        shop.Do("click[< prev]").ShouldContain("Price: $89.0");
        shop.Do("click[buy now]").ShouldContain("asin [SEP] SQ00000010 [SEP] options [SEP] {\"color\": \"navy\", \"size\": \"large\"} [SEP] attrs");
    }

    [Fact]
    public void Keywords_that_name_a_page_lead_back_to_it_as_in_the_original()
    {
        var shop = new Player();
        shop.Do("search[kettle search_results]");
        shop.Do("click[sq00000001]");
        shop.Do("click[< prev]").ShouldContain("Page 0 (Total results: ");
    }

    [Fact]
    public void Two_prefixes_list_instead_of_searching()
    {
        var shop = new Player();
        shop.Do("search[<q> women's jackets]").ShouldContain("Page 1 (Total results: 1) [SEP] Next > [SEP] SQ00000010 [SEP] ");
        shop.Do("search[<c> beauty]").ShouldContain("Page 1 (Total results: 4) [SEP] ");
        shop.Do("search[<c> unknown]").ShouldContain("Page 1 (Total results: 0) [SEP] Next >");
    }

    private static string[] Products(string page) => [.. page.Split(" [SEP] ").Where(text => text.StartsWith("SQ", StringComparison.Ordinal))];

    private sealed class Player
    {
        private readonly IInstance _instance = WebShopContractTests.Sample.Create("30", EpisodeParameters.None);

        public string Url { get; private set; } = "";

        public string Do(string action)
        {
            var result = _instance.Step(new AgentAction(action, []), CancellationToken.None);
            Url = result.Info!["url"]!.GetValue<string>();
            return result.Observation;
        }
    }
}
