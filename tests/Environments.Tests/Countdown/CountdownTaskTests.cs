using CsCheck;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Countdown;

namespace SandQueue.Environments.Tests.Countdown;

public sealed class CountdownTaskTests
{
    [Fact]
    public void An_id_is_read_as_it_was_written()
    {
        Gen.Select(Gen.Int[3, 20], Gen.Long[0, 999_999_999_999_999_999])
            .Select((count, seed) => new CountdownTask(count, seed))
            .Sample(task => CountdownTask.Parse(task.ToString()) == task);
    }

    [Fact]
    public void What_is_accepted_is_written_in_one_way_only()
    {
        Gen.OneOf<string>("0", "3", "4", "12", "17", "-", " ", "\0", "٤", "+").List[0, 6].Sample(pieces =>
        {
            var id = string.Concat(pieces);
            try
            {
                CountdownTask.Parse(id).ToString().ShouldBe(id);
            }
            catch (InvalidRequestException)
            {
            }
        });
    }

    [Theory]
    [InlineData("4")]
    [InlineData("4-")]
    [InlineData("-17")]
    [InlineData("4-017")]
    [InlineData("04-17")]
    [InlineData("4--17")]
    [InlineData("4-17 ")]
    [InlineData("4-17\n")]
    [InlineData("2-17")]
    [InlineData("21-17")]
    [InlineData("100-17")]
    [InlineData("4-1000000000000000000")]
    [InlineData("")]
    public void Other_ids_are_refused_with_an_example(string id)
    {
        Should.Throw<InvalidRequestException>(() => CountdownTask.Parse(id)).Message.ShouldContain("4-17");
    }
}
