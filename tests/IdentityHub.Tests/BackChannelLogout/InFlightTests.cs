using IdentityHub.BackChannelLogout;
using Xunit;

namespace IdentityHub.Tests.BackChannelLogout;

public sealed class InFlightTests
{
    private readonly InFlight _inFlight = new(limit: 5, perRelyingParty: 2);

    [Fact]
    public void Room_and_load_are_counted()
    {
        Begin("a", "a", "b");

        Assert.Equal(2, Look().Room);
        Assert.Equal(new Dictionary<string, int> { ["a"] = 2, ["b"] = 1 }, Look().Busy);

        _inFlight.End("a");
        _inFlight.End("a");
        _inFlight.End("b");

        Assert.Equal(5, Look().Room);
        Assert.Empty(Look().Busy);
    }

    [Fact]
    public void A_claim_below_its_limits_has_left_nothing_behind()
    {
        Begin("a", "b");

        Assert.False(_inFlight.End("a"));
        Assert.False(_inFlight.End("b"));
    }

    [Fact]
    public void A_relying_party_at_its_limit_may_have_more_until_a_claim_says_otherwise()
    {
        Begin("a", "a", "b");
        Assert.False(_inFlight.End("b"));
        Assert.True(_inFlight.End("a"));

        Begin();

        Assert.False(_inFlight.End("a"));
    }

    [Fact]
    public void All_room_used_means_that_anybody_may_have_more()
    {
        Begin("a", "b", "c", "d", "e");

        Assert.True(_inFlight.End("c"));
    }

    [Fact]
    public void The_room_is_shared_among_as_many_as_the_last_claim_found()
    {
        var inFlight = new InFlight(limit: 16, perRelyingParty: 16);
        Assert.Equal((16, 16), (Look().Room, Look().Share));

        Assert.False(inFlight.Begin(Look(), ["a", "b", "c"]));
        Assert.Equal((13, 5), (Look().Room, Look().Share));

        // One was found, and took its share of three: there may be more of it, and there is room.
        Assert.True(inFlight.Begin(Look(), ["a", "a", "a", "a", "a"]));
        Assert.Equal((8, 8), (Look().Room, Look().Share));

        // No room is left: whoever ends next makes some.
        Assert.False(inFlight.Begin(Look(), ["a", "a", "a", "a", "a", "a", "a", "a"]));
        Assert.True(inFlight.End("b"));

        Allowance Look() => inFlight.Look(new Dictionary<string, BreakerState>());
    }

    [Fact]
    public void Where_the_share_is_the_limit_of_the_relying_party_nothing_more_is_to_be_had_at_once()
    {
        Assert.False(_inFlight.Begin(Look(), ["a", "a"]));
        Assert.True(_inFlight.End("a"));
    }

    [Fact]
    public void One_that_was_full_when_it_was_looked_at_may_have_more()
    {
        Begin("a", "a");
        Begin("b");

        Assert.True(_inFlight.End("a"));
    }

    [Fact]
    public void What_ended_between_the_look_and_the_claim_does_not_hide_that_the_claim_was_cut_short()
    {
        Begin("a", "a");
        _inFlight.End("a");
        var allowance = Look();
        Assert.True(_inFlight.End("a"));

        _inFlight.Begin(allowance, ["a"]);

        // One of two is under way, and yet the claim took all it was allowed.
        Assert.True(_inFlight.End("a"));
    }

    [Fact]
    public void An_open_breaker_uses_up_all_and_a_half_open_one_all_but_a_probe()
    {
        Begin("b");

        Assert.Equal(new Dictionary<string, int> { ["a"] = 2, ["b"] = 2 }, Look(("a", BreakerState.Open), ("b", BreakerState.Open)).Busy);
        Assert.Equal(new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 }, Look(("a", BreakerState.HalfOpen), ("b", BreakerState.HalfOpen)).Busy);
    }

    [Fact]
    public void The_one_beyond_the_limit_leaves_no_room()
    {
        Begin("a", "a", "b", "b", "c", "d");

        Assert.Equal(0, Look().Room);
    }

    private Allowance Look(params (string Client, BreakerState State)[] breakers) => _inFlight.Look(breakers.ToDictionary(b => b.Client, b => b.State));

    private void Begin(params string[] clients) => _inFlight.Begin(Look(), clients);
}
