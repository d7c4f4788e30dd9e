using System.CommandLine;
using System.Text.Json.Nodes;
using IdentityHub.Administration;
using IdentityHub.Audit;
using IdentityHub.Sessions;
using IdentityHub.Tests.Api;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Administration;

/// <summary><c>hub session</c>, <c>hub person</c> and <c>hub audit export</c>.</summary>
public sealed class SessionCommandTests(ApiHub hub) : IClassFixture<ApiHub>
{
    [Fact]
    public async Task Sessions_are_listed_and_one_is_ended()
    {
        var ada = await hub.PersonAsync();
        var (one, two) = (await hub.SessionAsync(ada), await hub.SessionAsync(ada));

        var listed = await SessionAsync("list", "--person", ada.Email!, "--json");
        Assert.Equal(new[] { one.Id, two.Id }.Order(), Lines(listed).Select(l => (Guid)l["id"]!).Order());
        var ended = await SessionAsync("end", one.Id.ToString(), "--json");
        Assert.Equal((0, 1), (ended.Code, (int)JsonNode.Parse(ended.Output)!["sessions"]!));
        var again = await SessionAsync("end", one.Id.ToString());
        Assert.Equal((3, $"There is no live session {one.Id}.\n"), (again.Code, again.Error));

        Assert.StartsWith($"{two.Id}  {ada.Email}  since ", (await SessionAsync("list", "--person", ada.Id.ToString())).Output, StringComparison.Ordinal);
        Assert.Contains(Lines(await SessionAsync("list", "--all", "--json")), l => (Guid)l["id"]! == two.Id);
        Assert.Equal("command-line", await hub.DataAsync(db => db.Set<AuditEntry>().Where(e => e.SessionId == one.Id && e.Action == "session_ended").Select(e => e.Actor).SingleAsync()));
    }

    [Fact]
    public async Task Whose_sessions_must_be_said_and_must_be_somebodys()
    {
        Assert.Equal(2, (await SessionAsync("list")).Code);
        Assert.Equal(2, (await SessionAsync("list", "--all", "--person", "ada@example.com")).Code);
        Assert.Equal(3, (await SessionAsync("list", "--person", "nobody@example.com")).Code);
    }

    [Fact]
    public async Task A_person_is_found_shown_and_acted_on()
    {
        var ada = await hub.PersonAsync("Ada Commandline");
        await hub.SessionAsync(ada);

        var found = await PersonAsync("find", "commandl", "--json");
        Assert.Equal(ada.Id, (Guid)JsonNode.Parse(found.Output)!["people"]![0]!["id"]!);
        var shown = await PersonAsync("show", ada.Email!, "--json");
        Assert.Equal((1, true), ((int)JsonNode.Parse(shown.Output)!["sessions"]!, (bool)JsonNode.Parse(shown.Output)!["password"]!));
        Assert.Contains("1 live sessions\n", (await PersonAsync("show", ada.Email!)).Output, StringComparison.Ordinal);

        Assert.StartsWith("Done: 1 sessions ended, ", (await PersonAsync("end-all", ada.Email!)).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await PersonAsync("disable", ada.Email!)).Code);
        Assert.Equal((2, "It is so already.\n"), await PersonAsync("disable", ada.Email!) is var twice ? (twice.Code, twice.Error) : default);
        Assert.Equal(0, (await PersonAsync("enable", ada.Id.ToString())).Code);
        Assert.Equal(0, (await PersonAsync("require-new-password", ada.Email!)).Code);
        Assert.Equal(2, (await PersonAsync("delete", ada.Email!)).Code);
        Assert.Equal(0, (await PersonAsync("delete", ada.Email!, "--yes")).Code);
        Assert.Equal(3, (await PersonAsync("show", ada.Email!)).Code);
        Assert.False(await hub.DataAsync(db => db.Set<UserSession>().AnyAsync(s => s.UserId == ada.Id && s.EndedAt == null)));
    }

    [Fact]
    public async Task The_audit_is_exported_as_lines_and_as_cells()
    {
        var ada = await hub.PersonAsync();
        await hub.SessionAsync(ada);
        await PersonAsync("end-all", ada.Email!);

        var lines = Lines(await AuditAsync("export", "--person", ada.Id.ToString(), "--actor", "command-line"));
        Assert.Equal(["person_revoked", "session_ended"], lines.Select(l => (string)l["action"]!).Order(StringComparer.Ordinal));
        var cells = await AuditAsync("export", "--person", ada.Id.ToString(), "--csv", "--action", "session_ended");
        Assert.Equal(2, cells.Output.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("\"{\"\"reason\"\":\"\"revoked_by_administrator\"\"}\"", cells.Output, StringComparison.Ordinal);
        Assert.Equal((2, "--from is 'soon'; write an instant like 2026-11-24T06:00:00Z.\n"), await AuditAsync("export", "--from", "soon") is var wrong ? (wrong.Code, wrong.Error) : default);
    }

    [Fact]
    public async Task What_a_spreadsheet_would_run_is_text()
    {
        await hub.DataAsync(db =>
        {
            new AuditTrail(TimeProvider.System).Add(db, "=cmd|' /C calc'!A0", "system");
            return db.SaveChangesAsync();
        });

        Assert.Contains(",'=cmd|' /C calc'!A0,system,", (await AuditAsync("export", "--csv")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_shell_can_ask_what_comes_next()
    {
        var suggested = HubCommand.Create().Parse(["[suggest:8]", "session "]);
        using var output = new StringWriter();

        Assert.Equal(0, suggested.Invoke(new() { Output = output }));
        Assert.Contains("list", output.ToString().Split(Environment.NewLine), StringComparer.Ordinal);
    }

    private Task<Ran> SessionAsync(params string[] words) => CommandLine.RunAsync(hub, SessionCommand.Create, words);

    private Task<Ran> PersonAsync(params string[] words) => CommandLine.RunAsync(hub, run => Filled(new Command("person"), person => PersonCommands.AddTo(person, run)), words);

    private Task<Ran> AuditAsync(params string[] words) => CommandLine.RunAsync(hub, run => Filled(AuditCommand.Create(run), audit => AuditExportCommand.AddTo(audit, run)), words);

    private static Command Filled(Command command, Action<Command> fill)
    {
        fill(command);
        return command;
    }

    private static List<JsonNode> Lines(Ran ran) => [.. ran.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
}
