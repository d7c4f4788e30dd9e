using System.Diagnostics;
using System.Globalization;
using System.Net;
using IdentityHub.EndToEnd.Faults;

namespace IdentityHub.Benchmarks;

/// <summary>How long each page of the administration takes among the people that Growth has left, each with two live sessions.</summary>
internal static class AdminPages
{
    private const int Rounds = 60;
    private const int WarmUp = 5;
    private const string SomebodyOfTheCrowd = "00000000-0000-7000-8000-000000000bb8";

    private static readonly string[] Pages =
    [
        "/admin", "/admin/people", "/admin/people?q=person", "/admin/people?q=person3000", $"/admin/people/{SomebodyOfTheCrowd}", $"/admin/people/{SomebodyOfTheCrowd}/activity",
        "/admin/relying-parties", "/admin/relying-parties/application?client=party-0", "/admin/revocations", "/admin/revocations?reason=signed_out", "/admin/end-many", "/admin/audit", "/admin/keys", "/admin/administrators",
    ];

    public static async Task MeasureAsync(Rig rig, Report report, long people)
    {
        var admin = await AdministratorAsync(rig);
        foreach (var address in Pages)
        {
            List<double> taken = [];
            for (var round = -WarmUp; round < Rounds; round++)
            {
                var started = Stopwatch.GetTimestamp();
                var page = await admin.GetAsync(address);
                if (page.Status is not HttpStatusCode.OK)
                {
                    throw page.Unexpected(string.Create(CultureInfo.InvariantCulture, $"the page {address}"));
                }

                if (round >= 0)
                {
                    taken.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                }
            }

            taken.Sort();
            report.AdminPage(address.Replace(SomebodyOfTheCrowd, "…", StringComparison.Ordinal), people, taken[taken.Count / 2], taken[(int)Math.Ceiling(taken.Count * 0.95) - 1]);
        }
    }

    // The role and the second factor are written down: how somebody gets them is not what is measured.
    private static async Task<HubDriver> AdministratorAsync(Rig rig)
    {
        var name = $"administrator-{Guid.CreateVersion7():n}";
        var admin = await rig.SignInAsync(name);
        await using var command = rig.Database.CreateCommand(
            """
            WITH person AS (SELECT id FROM users WHERE normalized_email = upper($1)),
                role AS (SELECT id FROM roles WHERE name = 'administrator'),
                given AS (INSERT INTO user_roles (user_id, role_id) SELECT person.id, role.id FROM person, role RETURNING user_id)
            UPDATE user_sessions SET amr = 'pwd otp mfa' FROM given WHERE user_sessions.user_id = given.user_id
            """);
        command.Parameters.AddWithValue($"{name}@example.com");
        await command.ExecuteNonQueryAsync();
        return admin;
    }
}
