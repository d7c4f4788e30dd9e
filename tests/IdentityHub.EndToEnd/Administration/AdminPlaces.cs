namespace IdentityHub.EndToEnd.Administration;

/// <summary>Every page of the administration, also as it is after a mistake. One that is not here fails <see cref="AdminPagesTests"/>.</summary>
internal static class AdminPlaces
{
    /// <summary>What answers a GET and shows no page, and why.</summary>
    public static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>
    {
        ["/admin/live"] = "events for the script of the overview",
        ["/admin/people/found"] = "the list of the page of people alone",
        ["/admin/people/{id:guid}/ended/{act:guid}/live"] = "events for the script of the page that is shown",
        ["/admin/revocations/one/live"] = "events for the script of the page that is shown",
        ["/admin/end-many/{id:guid}/live"] = "events for the script of the page that is shown",
        ["/admin/revocations/export"] = "a file",
        ["/admin/audit/export"] = "a file",
    };

    public static readonly IReadOnlyDictionary<string, AdminPlace> All = new Dictionary<string, AdminPlace>
    {
        ["overview"] = new("/admin", _ => "/admin"),
        ["people"] = new("/admin/people", _ => "/admin/people"),
        ["nobody"] = new("/admin/people", _ => "/admin/people?q=nobody.at.all"),
        ["person"] = new("/admin/people/{id:guid}", see => $"/admin/people/{see.Person}"),
        ["session"] = new("/admin/people/{id:guid}/sessions/{session:guid}", see => $"/admin/people/{see.Person}/sessions/{see.Session}"),
        ["activity"] = new("/admin/people/{id:guid}/activity", see => $"/admin/people/{see.Person}/activity"),
        ["nothing-ended"] = new("/admin/people/{id:guid}/revocations", see => $"/admin/people/{see.Person}/revocations"),
        ["ended-of-a-person"] = new("/admin/people/{id:guid}/revocations", see => $"/admin/people/{see.Disabled}/revocations"),
        ["end-all"] = new("/admin/people/{id:guid}/end", see => $"/admin/people/{see.Person}/end"),
        ["ended"] = new("/admin/people/{id:guid}/ended/{act:guid}", see => $"/admin/people/{see.Disabled}/ended/{see.Act}"),
        ["require-password"] = new("/admin/people/{id:guid}/require-password", see => $"/admin/people/{see.Person}/require-password"),
        ["disable"] = new("/admin/people/{id:guid}/disable", see => $"/admin/people/{see.Person}/disable"),
        ["person-disabled"] = new("/admin/people/{id:guid}", see => $"/admin/people/{see.Disabled}"),
        ["enable"] = new("/admin/people/{id:guid}/enable", see => $"/admin/people/{see.Disabled}/enable"),
        ["delete"] = new("/admin/people/{id:guid}/delete", see => $"/admin/people/{see.Person}/delete"),
        ["administrators"] = new("/admin/administrators", _ => "/admin/administrators"),
        ["administrator-less"] = new("/admin/administrators/remove", see => $"/admin/administrators/remove?person={see.Administrator}"),
        ["invitation-gone"] = new("/admin/invitation", _ => "/admin/invitation?link=x", 410),
        ["second-factor"] = new("/admin/second-factor", _ => "/admin/second-factor") { SecondFactor = false },
        ["end-many"] = new("/admin/end-many", _ => "/admin/end-many"),
        ["end-many-mistake"] = new("/admin/end-many/preview", _ => "/admin/end-many/preview?scope=before&before=soon", 400),
        ["end-many-preview"] = new("/admin/end-many/preview", _ => "/admin/end-many/preview?scope=application&client=Notes"),
        ["ending-many"] = new("/admin/end-many/{id:guid}", see => $"/admin/end-many/{see.Many}"),
        ["revocations"] = new("/admin/revocations", _ => "/admin/revocations"),
        ["revocations-mistake"] = new("/admin/revocations", _ => "/admin/revocations?person=ada", 400),
        ["revocation"] = new("/admin/revocations/one", see => $"/admin/revocations/one?id={see.Act}"),
        ["audit"] = new("/admin/audit", _ => "/admin/audit"),
        ["audit-mistake"] = new("/admin/audit", _ => "/admin/audit?person=ada&from=soon", 400),
        ["keys"] = new("/admin/keys", _ => "/admin/keys"),
        ["rotate-keys"] = new("/admin/keys/rotate", _ => "/admin/keys/rotate"),
        ["applications"] = new("/admin/relying-parties", _ => "/admin/relying-parties"),
        ["register"] = new("/admin/relying-parties/register", _ => "/admin/relying-parties/register"),
        ["application"] = new("/admin/relying-parties/application", see => $"/admin/relying-parties/application?client={see.Application}"),
        ["edit"] = new("/admin/relying-parties/edit", see => $"/admin/relying-parties/edit?client={see.Application}"),
        ["disable-application"] = new("/admin/relying-parties/disable", _ => "/admin/relying-parties/disable?client=Notes"),
        ["remove"] = new("/admin/relying-parties/remove", see => $"/admin/relying-parties/remove?client={see.Application}"),
        ["proof"] = new("/admin/relying-parties/proof", see => $"/admin/relying-parties/proof?id={see.Proof}"),
    };
}

/// <summary>A page of the administration.</summary>
/// <param name="Route">The endpoint that renders it.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Status">What it is answered with.</param>
internal sealed record AdminPlace(string Route, Func<AdminSight, string> Path, int Status = 200)
{
    /// <summary>Whether it is met by who presented a second factor.</summary>
    public bool SecondFactor { get; init; } = true;
}

/// <summary>What the pages are about.</summary>
/// <param name="Person">Somebody who is signed in twice.</param>
/// <param name="Session">One of the two.</param>
/// <param name="Disabled">Somebody whose sessions were ended, and who was disabled after that.</param>
/// <param name="Act">What ended those sessions.</param>
/// <param name="Administrator">Somebody with a role and no second factor.</param>
/// <param name="Many">An act on many.</param>
/// <param name="Application">One that was tried, and disabled after that.</param>
/// <param name="Proof">What the trial showed.</param>
internal sealed record AdminSight(Guid Person, Guid Session, Guid Disabled, Guid Act, Guid Administrator, Guid Many, string Application, Guid Proof);
