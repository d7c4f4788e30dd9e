using System.Diagnostics;

namespace IdentityHub.Admin;

/// <summary>The addresses of the pages about one person.</summary>
internal static class PersonPaths
{
    public const string Found = $"{AdminPaths.People}/found";
    public const string Pattern = $"{AdminPaths.People}/{{id:guid}}";

    public static string Of(Guid id) => $"{AdminPaths.People}/{id}";

    public static string Session(Guid id, Guid session) => $"{Of(id)}/sessions/{session}";

    public static string Activity(Guid id) => $"{Of(id)}/activity";

    public static string Revocations(Guid id) => $"{Of(id)}/revocations";

    public static string Ended(Guid id, Guid act) => $"{Of(id)}/ended/{act}";

    public static string Act(Guid id, PersonActKind kind, Guid? session = null) => $"{Of(id)}/{Word(kind)}{(session is { } one ? $"?session={one}" : "")}";

    /// <summary>The last part of the address of an act.</summary>
    public static string Word(PersonActKind kind) => kind switch
    {
        PersonActKind.End => "end",
        PersonActKind.Disable => "disable",
        PersonActKind.Enable => "enable",
        PersonActKind.RequirePassword => "require-password",
        PersonActKind.Delete => "delete",
        _ => throw new UnreachableException(),
    };
}
