using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Coupon.Database.Migrations;

/// <summary>
/// The whole schema; what changes after the first release is a migration of its own. MySQL commits every DDL statement at once, so a migration that
/// is killed stays half applied and is run again from its first statement: every statement here can be repeated. A table has all of its indexes and
/// checks in one statement, and names what a server may have other defaults for: the engine, the character set and the collation.
/// </summary>
[DbContext(typeof(CouponDbContext))]
[Migration("20261201000000_Initial")]
public sealed class Initial : Migration
{
    private const string Options = "ENGINE=InnoDB DEFAULT CHARACTER SET=utf8mb4 COLLATE=utf8mb4_unicode_ci";

    // What refers to another table comes after it.
    private static readonly (string Name, string Body)[] _tables =
    [
        ("consumption_switches", """
            consumer_group varchar(249) COLLATE utf8mb4_bin NOT NULL,
            paused tinyint(1) NOT NULL,
            reason varchar(500) NULL,
            changed_by varchar(100) NOT NULL,
            changed_at datetime(3) NOT NULL,
            PRIMARY KEY (consumer_group)
            """),
        ("coupons", """
            id bigint NOT NULL,
            title varchar(200) NOT NULL,
            total_quantity bigint NOT NULL,
            issued_quantity bigint NOT NULL DEFAULT 0,
            voided_quantity bigint NOT NULL DEFAULT 0,
            returned_quantity bigint NOT NULL DEFAULT 0,
            retaken_quantity bigint NOT NULL DEFAULT 0,
            opens_at datetime(3) NULL,
            closes_at datetime(3) NULL,
            closed_at datetime(3) NULL,
            created_at datetime(3) NOT NULL,
            PRIMARY KEY (id),
            CONSTRAINT ck_coupons_not_oversold CHECK (issued_quantity <= total_quantity)
            """),
        ("issued_coupons", """
            coupon_id bigint NOT NULL,
            ordinal bigint NOT NULL,
            user_id bigint NOT NULL,
            issued_at datetime(3) NOT NULL,
            idempotency_key_hash bigint NULL,
            persisted_at datetime(3) NOT NULL DEFAULT (UTC_TIMESTAMP(3)),
            PRIMARY KEY (coupon_id, ordinal),
            UNIQUE KEY ux_issued_coupons_user_coupon (user_id, coupon_id),
            CONSTRAINT ck_issued_coupons_positive CHECK (ordinal > 0 AND user_id > 0)
            """),
        ("dead_letters", """
            id bigint NOT NULL AUTO_INCREMENT,
            topic varchar(249) COLLATE utf8mb4_bin NOT NULL,
            partition_id int NOT NULL,
            offset_id bigint NOT NULL,
            consumer_group varchar(249) COLLATE utf8mb4_bin NOT NULL,
            state varchar(16) NOT NULL,
            cause varchar(64) NOT NULL,
            coupon_id bigint NULL,
            ordinal bigint NULL,
            user_id bigint NULL,
            message_key longblob NULL,
            message_value longblob NULL,
            headers json NOT NULL,
            message_timestamp datetime(3) NULL,
            exception_type varchar(300) NULL,
            exception_message varchar(2000) NULL,
            attempts int NOT NULL,
            first_failed_at datetime(3) NOT NULL,
            last_failed_at datetime(3) NOT NULL,
            trace_id varchar(32) NULL,
            replay_count int NOT NULL,
            replayed_at datetime(3) NULL,
            replayed_coupon_id bigint NULL,
            replayed_ordinal bigint NULL,
            replayed_user_id bigint NULL,
            leased_by varchar(36) NULL,
            leased_until datetime(3) NULL,
            ordinal_voided tinyint(1) NOT NULL DEFAULT 0,
            seat_return_requested tinyint(1) NOT NULL,
            seat_returned_at datetime(3) NULL,
            recorded_at datetime(3) NOT NULL,
            updated_at datetime(3) NOT NULL,
            failed_in varchar(200) NULL,
            PRIMARY KEY (id),
            UNIQUE KEY ux_dead_letters_origin (topic, partition_id, offset_id),
            KEY ix_dead_letters_state (state),
            KEY ix_dead_letters_cause (cause),
            KEY ix_dead_letters_cause_state (cause, state),
            KEY ix_dead_letters_coupon_state (coupon_id, state),
            KEY ix_dead_letters_groups (state, cause, failed_in, first_failed_at, last_failed_at),
            KEY ix_dead_letters_state_cause (state, cause, last_failed_at),
            KEY ix_dead_letters_coupon_ordinal (coupon_id, ordinal),
            KEY ix_dead_letters_user (user_id)
            """),
        ("dead_letter_operations", """
            operation varchar(36) NOT NULL,
            kind varchar(16) NOT NULL,
            state varchar(16) NOT NULL,
            actor varchar(100) NOT NULL,
            filter json NOT NULL,
            reason varchar(1000) NULL,
            return_seat tinyint(1) NOT NULL,
            rate double NULL,
            up_to_id bigint NOT NULL,
            asked_at datetime(3) NOT NULL,
            answered_with int NOT NULL,
            total int NOT NULL,
            done int NOT NULL,
            skipped int NOT NULL,
            failed int NOT NULL,
            handled int NOT NULL,
            failures json NULL,
            fault varchar(1000) NULL,
            stopped_by varchar(100) NULL,
            runner varchar(36) NULL,
            runner_until datetime(3) NULL,
            begun_at datetime(3) NOT NULL,
            ended_at datetime(3) NULL,
            PRIMARY KEY (operation),
            KEY ix_dead_letter_operations_state (state),
            KEY ix_dead_letter_operations_begun (begun_at)
            """),
        ("dead_letter_audit", """
            id bigint NOT NULL AUTO_INCREMENT,
            dead_letter_id bigint NOT NULL,
            at datetime(3) NOT NULL,
            actor varchar(100) NOT NULL,
            action varchar(16) NOT NULL,
            detail varchar(2000) NULL,
            operation varchar(36) NULL,
            value_before longblob NULL,
            value_after longblob NULL,
            PRIMARY KEY (id),
            UNIQUE KEY ux_dead_letter_audit_operation (dead_letter_id, operation, action),
            KEY ix_dead_letter_audit_dead_letter (dead_letter_id),
            CONSTRAINT FK_dead_letter_audit_dead_letters_dead_letter_id FOREIGN KEY (dead_letter_id) REFERENCES dead_letters (id) ON DELETE RESTRICT
            """),
        ("operator_actions", """
            id bigint NOT NULL AUTO_INCREMENT,
            operation varchar(36) NOT NULL,
            at datetime(3) NOT NULL,
            ended_at datetime(3) NULL,
            actor varchar(100) NOT NULL,
            action varchar(60) NOT NULL,
            coupon_id bigint NULL,
            address varchar(150) NOT NULL,
            result varchar(150) NOT NULL,
            PRIMARY KEY (id),
            UNIQUE KEY ux_operator_actions_operation (operation),
            KEY ix_operator_actions_coupon (coupon_id),
            KEY ix_operator_actions_at (at)
            """),
        ("console_sessions", """
            token_hash binary(32) NOT NULL,
            actor varchar(100) NOT NULL,
            created_at datetime(3) NOT NULL,
            ends_at datetime(3) NOT NULL,
            PRIMARY KEY (token_hash),
            KEY ix_console_sessions_ends (ends_at)
            """),
        ("console_keys", """
            name varchar(100) NOT NULL,
            xml text NOT NULL,
            PRIMARY KEY (name)
            """),
        ("stock_instances", """
            id varchar(36) NOT NULL,
            name varchar(200) NOT NULL,
            seen_at datetime(3) NOT NULL,
            settles_within_ms int NOT NULL,
            settled text NOT NULL,
            PRIMARY KEY (id)
            """),
        ("stock_verifications", """
            id bigint NOT NULL AUTO_INCREMENT,
            shard varchar(5) NOT NULL,
            slots text NULL,
            every_coupon tinyint(1) NOT NULL,
            reason varchar(500) NOT NULL,
            requested_by varchar(200) NOT NULL,
            redis varchar(100) NULL,
            requested_at datetime(3) NOT NULL,
            fenced_at datetime(3) NULL,
            completed_at datetime(3) NULL,
            coupons int NOT NULL,
            users_added bigint NOT NULL,
            ordinals_moved bigint NOT NULL,
            outbox_added bigint NOT NULL,
            ordinals_forgotten bigint NOT NULL,
            PRIMARY KEY (id)
            """),
        ("forgotten_ordinals", """
            coupon_id bigint NOT NULL,
            ordinal bigint NOT NULL,
            verification_id bigint NOT NULL,
            forgotten_at datetime(3) NOT NULL,
            PRIMARY KEY (coupon_id, ordinal)
            """),
        ("handed_back_seats", """
            coupon_id bigint NOT NULL,
            ordinal bigint NOT NULL,
            user_id bigint NOT NULL,
            issued_at_ms bigint NOT NULL,
            idempotency_key_hash bigint NULL,
            PRIMARY KEY (coupon_id, ordinal, user_id)
            """),
        ("deleted_coupons", """
            id bigint NOT NULL,
            deleted_at datetime(3) NOT NULL,
            PRIMARY KEY (id)
            """),
        ("database_mark", """
            id int NOT NULL,
            epoch bigint NOT NULL,
            server varchar(300) NOT NULL,
            mark bigint NOT NULL,
            PRIMARY KEY (id)
            """),
    ];

    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        foreach (var (name, body) in _tables) migrationBuilder.Sql($"CREATE TABLE IF NOT EXISTS {name} (\n{body}\n) {Options};");
        migrationBuilder.Sql("INSERT IGNORE INTO database_mark (id, epoch, server, mark) VALUES (1, 0, '', 0);");
    }

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        foreach (var (name, _) in _tables.Reverse()) migrationBuilder.Sql($"DROP TABLE IF EXISTS {name};");
    }
}
