using SandQueue.Storage.Fleet;

namespace SandQueue.Storage.Tests.Fleet;

public sealed class ServedEnvironmentTests
{
    [Fact]
    public void What_a_server_says_of_its_environment_is_read()
    {
        var read = ServedEnvironment.ReadAll("""[{"env_type":"bfcl","tasks":30,"unlimited":true,"data_source":"a sample","problems":["one","two"]}]""").ShouldHaveSingleItem();

        (read.Name, read.Tasks, read.Unlimited, read.DataSource).ShouldBe(("bfcl", 30, true, "a sample"));
        read.Problems.ShouldBe(["one", "two"]);
    }

    [Theory]
    [InlineData("""{"env_type":"own"}""")]
    [InlineData("""{"env_type":"own","tasks":"many","unlimited":1,"data_source":null,"problems":{}}""")]
    [InlineData("""{"env_type":"own","tasks":1e99,"problems":[1,null]}""")]
    public void What_it_does_not_say_rightly_is_nothing(string description)
    {
        var read = ServedEnvironment.ReadAll($"""[7, {description}, "x"]""").ShouldHaveSingleItem();

        (read.Name, read.Tasks, read.Unlimited, read.DataSource, read.Problems.Count).ShouldBe(("own", 0, false, "", 0));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[{]")]
    [InlineData("""[{"env_type":"\ud800"}]""")]
    [InlineData("""[{"env_type":7},{"tasks":1}]""")]
    public void What_is_no_catalogue_serves_nothing(string catalogue) => ServedEnvironment.ReadAll(catalogue).ShouldBeEmpty();
}
